"""Public holidays by country and region, from the `holidays` library; nothing is fetched."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

import holidays

from makegood.calendars.hours import Shift


@lru_cache(maxsize=1)
def regions_by_country() -> dict[str, list[str]]:
    """Every country whose holidays are known, with its regions, by their ISO 3166 codes."""
    known: dict[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    return known


def region_names(country: str) -> dict[str, str]:
    """What the regions of a country are called there."""
    kind = holidays.country_holidays(country)
    names = {code: name for name, code in kind.subdivisions_aliases.items()}
    return {code: names.get(code, code) for code in kind.subdivisions}


@lru_cache(maxsize=64)
def free_days(country: str, region: str, year: int, language: str = "") -> Mapping[date, str]:
    """The public holidays of one year with their names, in a language where the library has it."""
    if not country:
        return {}
    spoken = holidays.country_holidays(country).supported_languages if language else ()
    known = next((one for one in spoken if one.split("_")[0] == language), None)
    return dict(
        holidays.country_holidays(country, subdiv=region or None, years=year, language=known)
    )


class WithFreeDays(Mapping[date, tuple[Shift, ...]]):
    """Days that are different: those of one's own first, then public holidays, which are closed."""

    def __init__(self, own: Mapping[date, tuple[Shift, ...]], country: str, region: str) -> None:
        self.own, self.country, self.region = own, country, region

    def __getitem__(self, day: date) -> tuple[Shift, ...]:
        if day in self.own:
            return self.own[day]
        if day in free_days(self.country, self.region, day.year):
            return ()
        raise KeyError(day)

    def __iter__(self) -> Iterator[date]:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)
