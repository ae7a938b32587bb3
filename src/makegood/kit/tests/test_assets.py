from pathlib import Path

from makegood.kit import assets


def test_all_sheets_are_one_and_what_they_refer_to_is_there(tmp_path: Path) -> None:
    build = assets.gather(tmp_path)
    sheet = (build / assets.ALL_SHEETS).read_text()
    assert sheet.startswith((build / "kit/layers.css").read_text()[:40])
    places = [piece.partition('"')[0] for piece in sheet.split('url("')[1:]]
    assert places
    assert all((build / place).is_file() for place in places if not place.startswith("data:"))
    assert (build / "all.css.gz").is_file()


def test_the_build_is_named_by_its_content_and_old_ones_go(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"old{number}").mkdir()
    build = assets.gather(tmp_path)
    assert build.name == assets.build_name()
    assert assets.gather(tmp_path) == build
    assert len(list(tmp_path.iterdir())) == assets.KEPT_BUILDS
