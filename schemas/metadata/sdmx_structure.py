"""Writes the SDMX structure of the observations: code lists, concepts, data structure and dataflow.

Source: SDMX-ML 2.1 (sdmx.org), whose schema fixes the order of the elements.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from questionnaire.codelists import Wording
from questionnaire.declaration.form import Indicator, Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import wording
from questionnaire.rounds.round import Round
from schemas.codebook import meanings
from schemas.metadata.xml_text import add, add_worded, as_bytes
from schemas.tables.dataset import DIMENSIONS, is_observed, observations_table, observed_measure, table_dimensions
from schemas.tables.parts import type_tables
from schemas.tables.table import Column

AGENCY = "ACOPIO"
MULT, DECIMALS = "UNIT_MULT", "DECIMALS"
VALUE, STATUS, UNIT, TIME = "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "TIME_PERIOD"

_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_NAMESPACES = {f"xmlns:{short}": f"{_SCHEMAS}/{name}" for short, name in
               (("mes", "message"), ("str", "structure"), ("com", "common"))}  # fmt: skip
_CONCEPTS = "CS_OBSERVATIONS"
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")
_NO_ID = re.compile(r"[^A-Za-z0-9_@$-]")


@dataclass(frozen=True)
class _Code:
    """One code; `values` names the code list of what is observed under it."""

    id: str
    name: Wording
    values: str = ""


@dataclass(frozen=True)
class _List:
    id: str
    name: Wording
    codes: tuple[_Code, ...] = field(default=())


def dataflow(instrument: Instrument) -> str:
    """The dataflow as SDMX-CSV names it, such as `ACOPIO:OAS_TRAFFICKING(2026.1)`."""
    return f"{AGENCY}:{_flow(instrument)}({_version(instrument)})"


def sdmx_structure(round_: Round) -> bytes:
    """The structure message of a round; the same whatever came back."""
    instrument, official = round_.instrument, round_.instrument.official_language
    root = ET.Element("mes:Structure", _NAMESPACES)
    _add_header(root, round_)
    structures = add(root, "mes:Structures")
    own = {"agencyID": AGENCY, "version": _version(instrument)}
    flow = add(add(structures, "str:Dataflows"), "str:Dataflow", id=_flow(instrument), **own)
    add_worded(flow, "com:Name", instrument.title, official)
    ref = {"id": _flow(instrument), "package": "datastructure", "class": "DataStructure"}
    add(add(flow, "str:Structure"), "Ref", **own, **ref)
    lists = add(structures, "str:Codelists")
    for codelist in _lists(round_):
        _add_list(lists, codelist, own, official)
    scheme = add(add(structures, "str:Concepts"), "str:ConceptScheme", id=_CONCEPTS, **own)
    add_worded(scheme, "com:Name", instrument.title, official)
    for name in (*DIMENSIONS, VALUE, STATUS, UNIT, MULT, DECIMALS):
        add_worded(add(scheme, "str:Concept", id=name), "com:Name", wording("columns", name))
    for column in table_dimensions(instrument).values():
        add_worded(add(scheme, "str:Concept", id=column.name), "com:Name", column.label, official)
    structure = add(add(structures, "str:DataStructures"), "str:DataStructure", id=_flow(instrument), **own)
    add_worded(structure, "com:Name", instrument.title, official)
    _add_components(add(structure, "str:DataStructureComponents"), own, observations_table(instrument).key)
    return as_bytes(root)


def _flow(instrument: Instrument) -> str:
    return _NO_ID.sub("_", instrument.name.upper().replace("-", "_"))


def _version(instrument: Instrument) -> str:
    """The edition, where it is a version as SDMX has them."""
    return instrument.edition if _VERSION.fullmatch(instrument.edition) else "1.0"


def _add_header(root: ET.Element, round_: Round) -> None:
    header = add(root, "mes:Header")
    add(header, "mes:ID", f"{_flow(round_.instrument)}_{round_.name}")
    add(header, "mes:Test", "false")
    # What is asked was settled the day the questionnaires went out; a run has no part in it.
    add(header, "mes:Prepared", f"{round_.sent_on.isoformat()}T00:00:00Z")
    add(header, "mes:Sender", id=AGENCY)


def _lists(round_: Round) -> Iterator[_List]:
    """The code lists of the dimensions and attributes, then those of the values observed."""
    instrument = round_.instrument
    measures = {
        column.name: column for table in type_tables(instrument) for column in table.columns if _is_measure(column)
    }
    respondents = (_Code(item.code, item.name or {"en": item.code}) for item in round_.respondents)
    indicators = (_Code(item.name, _shown(item)) for item in instrument.indicators)
    observed = (_Code(name, column.label, _values(column)) for name, column in measures.items())
    made = {"REF_AREA": respondents, "INDICATOR": indicators, "MEASURE": (*observed, *_of_tables(instrument))}
    for column in observations_table(instrument).columns:
        if column.name in made:
            yield _List(f"CL_{column.name}", column.label, tuple(made[column.name]))
        elif column.codelist is not None:
            yield _List(column.codelist.name, column.label, tuple(_meant(column)))
    valued = {_values(column): column for column in measures.values() if column.codelist is not None}
    for id_, column in valued.items():
        yield _List(id_, column.label, tuple(_meant(column)))


def _shown(indicator: Indicator) -> Wording:
    """The text of an indicator, behind its code where SDMX calls it otherwise: it takes no dots."""
    if indicator.name == indicator.code:
        return indicator.text
    return {language: f"{indicator.code} {text}" for language, text in indicator.text.items()}


def _of_tables(instrument: Instrument) -> Iterator[_Code]:
    """The measures of tables, each once, whatever its columns are."""
    for block in instrument.lists:
        if isinstance(block, TableBlock):
            names = {held.measure: column for column, held in block.measured.items()}
            for measure, column in names.items():
                asked = block.field(column)
                if asked.type.traits.column == "number":
                    label = {
                        language: f"{text} – {measure if block.across else asked.label.get(language, measure)}"
                        for language, text in block.label.items()
                    }
                    yield _Code(observed_measure(block, measure), label)


def _is_measure(column: Column) -> bool:
    return column.field is not None and not column.is_status and is_observed(column.field)


def _values(column: Column) -> str:
    return "" if column.codelist is None else _NO_ID.sub("_", f"VALUES_{column.codelist.name}")


def _meant(column: Column) -> Iterable[_Code]:
    return (_Code(value, label) for value, label in meanings(column))


def _add_list(parent: ET.Element, codelist: _List, own: Mapping[str, str], official: str) -> None:
    made = add(parent, "str:Codelist", id=codelist.id, **own)
    add_worded(made, "com:Name", codelist.name, official)
    for code in codelist.codes:
        entry = add(made, "str:Code", id=code.id)
        if code.values:
            note = add(add(entry, "com:Annotations"), "com:Annotation")
            add(note, "com:AnnotationTitle", code.values)
            add(note, "com:AnnotationType", "CODELIST")
        add_worded(entry, "com:Name", code.name, official)


def _add_components(components: ET.Element, own: Mapping[str, str], named: Sequence[str]) -> None:
    dimensions = add(components, "str:DimensionList", id="DimensionDescriptor")
    for position, name in enumerate(named, 1):
        tag = "str:TimeDimension" if name == TIME else "str:Dimension"
        dimension = add(dimensions, tag, id=name, position=str(position))
        _add_concept(dimension, name, own)
        _add_representation(dimension, own, "" if name == TIME else f"CL_{name}", "ObservationalTimePeriod")
    attributes = add(components, "str:AttributeList", id="AttributeDescriptor")
    for name in (STATUS, UNIT, MULT, DECIMALS):
        coded = name in (STATUS, UNIT)
        attribute = add(attributes, "str:Attribute", id=name, assignmentStatus="Mandatory" if coded else "Conditional")
        _add_concept(attribute, name, own)
        _add_representation(attribute, own, f"CL_{name}" if coded else "", "Integer")
        add(add(add(attribute, "str:AttributeRelationship"), "str:PrimaryMeasure"), "Ref", id=VALUE)
    measure = add(add(components, "str:MeasureList", id="MeasureDescriptor"), "str:PrimaryMeasure", id=VALUE)
    _add_concept(measure, VALUE, own)
    _add_representation(measure, own, "", "String")


def _add_concept(component: ET.Element, name: str, own: Mapping[str, str]) -> None:
    scheme = {"maintainableParentID": _CONCEPTS, "maintainableParentVersion": own["version"]}
    ref = {"package": "conceptscheme", "class": "Concept"}
    add(add(component, "str:ConceptIdentity"), "Ref", id=name, agencyID=own["agencyID"], **scheme, **ref)


def _add_representation(component: ET.Element, own: Mapping[str, str], codelist: str, text: str = "") -> None:
    """What a component holds: codes of a list, or text of some type."""
    held = add(component, "str:LocalRepresentation")
    if codelist:
        add(add(held, "str:Enumeration"), "Ref", id=codelist, **own, package="codelist", **{"class": "Codelist"})
    else:
        add(held, "str:TextFormat", textType=text)
