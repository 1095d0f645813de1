"""What the other packages share: the as-of date, data files, generated files, model names, price sources."""
