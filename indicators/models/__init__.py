"""What is stored: one file per noun, constraints in the database, no arithmetic."""

from indicators.models.agenda import AgendaQuestion
from indicators.models.audit import AuditEvent
from indicators.models.checklist import Checklist, ChecklistEvent
from indicators.models.coding import Coding, Theme
from indicators.models.column_mapping import ColumnMapping
from indicators.models.comparison import Comparison, ComparisonWave
from indicators.models.consistency import ConsistencyCheck, ConsistencyFinding
from indicators.models.dataset import AnswerColumn, Dataset, Exclusion, SchoolArrival, TextColumn
from indicators.models.definition import DefinitionCheck, DefinitionFile
from indicators.models.definition_effect import DefinitionEffect
from indicators.models.definition_version import DefinitionVersion
from indicators.models.field_log import FieldLogEntry
from indicators.models.indicator import CompositeIndex, IndexItem, Indicator, Measure
from indicators.models.instrument import (
    Block,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Scale,
    ScaleOption,
    WordingDecision,
)
from indicators.models.item_result import DistributionTest, IndexComponent, ItemResult, Reliability
from indicators.models.left_out_row import LeftOutRow
from indicators.models.open_result import OpenQuestion, ThemeShare
from indicators.models.paragraph import Paragraph
from indicators.models.project import Project
from indicators.models.record import ActivityLog, ClusterPlan, DeskValue, ManualValue, Note
from indicators.models.run import Assessment, Change, Estimate, Gap, Release, Run
from indicators.models.school import School, SchoolAlias, SchoolCategory, SchoolEvent, Stratum
from indicators.models.target import Target
from indicators.models.upload import Problem, Upload
from indicators.models.upload_job import UploadJob
from indicators.models.upload_preview import UploadPreview
from indicators.models.user import Invitation, Membership, User
from indicators.models.value_mapping import DoubtfulValue, ValueMapping
from indicators.models.wave import FieldPlan, Wave, WaveInstrument

__all__ = [
    "ActivityLog",
    "AgendaQuestion",
    "AnswerColumn",
    "Assessment",
    "AuditEvent",
    "Block",
    "Change",
    "Checklist",
    "ChecklistEvent",
    "ClusterPlan",
    "Coding",
    "ColumnMapping",
    "Comparison",
    "ComparisonWave",
    "CompositeIndex",
    "ConsistencyCheck",
    "ConsistencyFinding",
    "Dataset",
    "DefinitionCheck",
    "DefinitionEffect",
    "DefinitionFile",
    "DefinitionVersion",
    "DeskValue",
    "DistributionTest",
    "DoubtfulValue",
    "Estimate",
    "Exclusion",
    "FieldLogEntry",
    "FieldPlan",
    "Gap",
    "IndexComponent",
    "IndexItem",
    "Indicator",
    "Instrument",
    "InstrumentVersion",
    "Invitation",
    "Item",
    "ItemResult",
    "ItemVersion",
    "LeftOutRow",
    "ManualValue",
    "Measure",
    "Membership",
    "Note",
    "OpenQuestion",
    "Paragraph",
    "Problem",
    "Project",
    "Release",
    "Reliability",
    "Run",
    "Scale",
    "ScaleOption",
    "School",
    "SchoolAlias",
    "SchoolArrival",
    "SchoolCategory",
    "SchoolEvent",
    "Stratum",
    "Target",
    "TextColumn",
    "Theme",
    "ThemeShare",
    "Upload",
    "UploadJob",
    "UploadPreview",
    "User",
    "ValueMapping",
    "Wave",
    "WaveInstrument",
    "WordingDecision",
]
