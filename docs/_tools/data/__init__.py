"""What everything else here shares: the as-of date, data files, generated files, model names, price sources."""
