"""Of several levels above the indicators none is lost without a word."""

from dataclasses import replace

from tests.questionnaire.indicator_table.grids import grid, read, table


def test_three_levels__the_middle_one_goes_before_the_objective() -> None:
    rows = [["Pillar", "Goal", "Objective", "Indicator"]]
    rows += [
        ["Health", "More", "1.1 Nurses", "Hired"],
        ["", "", "1.2 Beds", "Bought"],
        ["", "Better", "", "Lives saved"],
    ]
    rows += [["", "", "2.1 Beds", "Repaired"], ["Peace", "", "3.1 Beds", "Sold"]]
    found = table(grid(rows))
    assert read(found) == [
        ("Health", "1.1", "More – Nurses", "", "Hired"), ("Health", "1.2", "More – Beds", "", "Bought"),
        ("Health", "", "Better", "", "Lives saved"), ("Health", "2.1", "Better – Beds", "", "Repaired"),
        ("Peace", "3.1", "Beds", "", "Sold"),
    ]  # fmt: skip
    [columns] = [one.message for one in found.irregularities if one.kind == "columns"]
    assert "heading above the objective: column B “Goal”" in columns


def test_titles_of_three_levels_above_each_table__none_is_lost() -> None:
    above = [("Plan", "Goal A", "Outcome X", "Output 1.1 Nurses"), ("Plan", "Goal B", "Outcome Y", "Output 2.1 Beds")]
    grids = [grid([["Indicator", "Unit"], [text, "n"]], name=text) for text in ("Hired", "Bought")]
    found = table(*(replace(one, titles=titles) for one, titles in zip(grids, above, strict=True)))
    assert [entry[:3] for entry in read(found)] == [
        ("Goal A – Outcome X", "1.1", "Nurses"),
        ("Goal B – Outcome Y", "2.1", "Beds"),
    ]


def test_four_levels__one_is_not_read__asked_about() -> None:
    heads = ["Pillar", "Axis", "Goal", "Objective", "Indicator"]
    found = table(grid([heads, ["Health", "All", "More", "1.1 Nurses", "Hired"]]))
    assert read(found) == [("Health", "1.1", "More – Nurses", "", "Hired")]
    [asked] = [one.message for one in found.irregularities if one.kind == "level_not_used"]
    assert asked.startswith("Column B “Axis” names a level too")


def test_target_left_of_indicators__with_identifiers__is_an_aim_however_short() -> None:
    rows = [["Goal", "Target", "Indicator"], ["Goal 1. Food", "1.1 Eat", "Meals"], ["", "1.2 Drink", "Cups"]]
    assert read(table(grid(rows))) == [("Food", "1.1", "Eat", "", "Meals"), ("Food", "1.2", "Drink", "", "Cups")]
