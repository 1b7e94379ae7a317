"""Declares the cells of the Cover that are filled in: the labels beside them and their defined names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CoverEntry:
    """A cell of the Cover to fill in: the key of its label in `wordings/workbook.toml`, and its defined name."""

    label: str
    name: str


COVER_ENTRIES = {
    "focal_point": CoverEntry("cover_focal_point_name", "cover_name"),
    "position": CoverEntry("cover_focal_point_position", "cover_position"),
    "institution": CoverEntry("cover_focal_point_institution", "cover_institution"),
    "email": CoverEntry("cover_focal_point_email", "cover_email"),
    "phone": CoverEntry("cover_focal_point_phone", "cover_phone"),
    "signed_off_by": CoverEntry("cover_sign_off_name", "cover_sign_off_name"),
    "signed_off_on": CoverEntry("cover_sign_off_date", "cover_sign_off_date"),
    "texts_cleared": CoverEntry("cover_texts_cleared", "cover_texts_cleared"),
}
"""What is filled in on the Cover, as the register of returns calls it."""
