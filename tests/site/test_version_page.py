"""The page of versions shows old and new programs side by side."""

from pathlib import Path


def test_old_and_new_programs_stand_in_tabs_each_with_its_caption(site: Path) -> None:
    page = (site / "about" / "versions" / "index.html").read_text("utf-8")
    sets = page.split('<div class="tabbed-set')[1:]
    assert len(sets) == 4
    for tabs in sets:
        assert tabs.count("<label") == tabs.count('class="tabbed-block"') == 2
    assert [tabs.count('class="sandbox-caption"') for tabs in sets] == [2, 0, 2, 0]
