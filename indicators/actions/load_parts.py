"""The parts of a project's definition, stored one after the other by natural keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db.models import QuerySet

from indicators.actions import load_rows as rows
from indicators.actions.load_agenda import store_agenda
from indicators.actions.load_store import Store
from indicators.actions.load_wordings import store_wording_decisions
from indicators.models import (
    Block,
    CompositeIndex,
    IndexItem,
    Indicator,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Measure,
    Project,
    Scale,
    ScaleOption,
    School,
    SchoolCategory,
    Stratum,
    Target,
    Wave,
    WaveInstrument,
)
from indicators.pipeline.framework_shapes import (
    IndexDefinition,
    MeasureDefinition,
    ProjectDefinition,
)

ItemKey = tuple[str, str]  # questionnaire and name


class Parts:
    """Stores a definition into a project. Later parts look up the rows of earlier ones here."""

    def __init__(self, definition: ProjectDefinition, project: Project, store: Store) -> None:
        self.definition = definition
        self.project = project
        self.store = store
        self.scales: dict[str, Scale] = {}
        self.instruments: dict[str, Instrument] = {}
        self.versions: dict[tuple[str, str], InstrumentVersion] = {}
        self.items: dict[ItemKey, Item] = {}
        self.waves: dict[str, Wave] = {}
        self.indices: dict[str, CompositeIndex] = {}
        self.measures: dict[str, Measure] = {}
        self.schools: dict[str, School] = {}
        self.indicators: dict[str, Indicator] = {}

    def store_all(self, tick: Callable[[str], None]) -> None:
        steps: dict[str, Callable[[], None]] = {
            "schools": self.store_schools,
            "scales": self.store_scales,
            "instruments": self.store_instruments,
            "items": self.store_items,
            "waves": self.store_waves,
            "indices": self.store_indices,
            "measures": self.store_measures,
            "indicators": self.store_indicators,
            "targets": self.store_targets,
            "agenda": self.store_agenda,
        }
        for name, step in steps.items():
            step()
            tick(name)

    def store_register(self) -> None:
        """Indices, measures and indicators alone, upon questionnaires that are stored already."""
        for step in (
            self.store_instruments,
            self.store_items,
            self.store_indices,
            self.store_measures,
            self.store_indicators,
        ):
            step()

    def store_schools(self) -> None:
        categories = (
            {
                "project_id": self.project.pk,
                "field": one.field,
                "code": one.code,
                **rows.labelled("label", one.labels),
                "position": one.position,
            }
            for one in self.definition.categories
        )
        stored = SchoolCategory.objects.filter(project=self.project)
        self.store.put(stored, ("field", "code"), categories)
        schools = (
            {"project_id": self.project.pk, **rows.school(one)} for one in self.definition.schools
        )
        self._store_strata()
        found = self.store.put(School.objects.filter(project=self.project), ("code",), schools)
        self.schools = {school.code: school for school in found.values()}

    def _store_strata(self) -> None:
        stored, strata = Stratum.objects.filter(project=self.project), self.definition.strata
        wanted = (
            {"project_id": self.project.pk, "code": one.code, "n_schools": one.n_schools}
            for one in strata
        )
        ids = {row.code: row.pk for row in self.store.put(stored.all(), ("code",), wanted).values()}
        merged = (
            {
                "project_id": self.project.pk,
                "code": one.code,
                "merged_into_id": ids.get(one.merged_into),
            }
            for one in strata
        )
        self.store.put(stored.all(), ("code",), merged)

    def store_scales(self) -> None:
        found = self.store.put(
            Scale.objects.filter(project=self.project),
            ("code",),
            ({"project_id": self.project.pk, "code": one.code} for one in self.definition.scales),
        )
        self.scales = {scale.code: scale for scale in found.values()}
        options = (
            {
                "scale_id": self.scales[scale.code].pk,
                **rows.option(one, position, scale.notes.get(one.name, "")),
            }
            for scale in self.definition.scales
            for position, one in enumerate(scale.options)
        )
        stored = ScaleOption.objects.filter(scale__project=self.project)
        self.store.put(
            stored.select_related("scale"), ("scale_id", "name"), options, fixed=("code",)
        )

    def store_instruments(self) -> None:
        found = self.store.put(
            Instrument.objects.filter(project=self.project),
            ("code",),
            (
                {"project_id": self.project.pk, **rows.instrument(one)}
                for one in self.definition.instruments
            ),
        )
        self.instruments = {one.code: one for one in found.values()}
        ids = {code: one.pk for code, one in self.instruments.items()}
        names = {pk: code for code, pk in ids.items()}
        versions = self.store.put(
            InstrumentVersion.objects.filter(instrument__project=self.project),
            ("instrument_id", "version"),
            (
                {"instrument_id": ids[one.code], **rows.version(form)}
                for one in self.definition.instruments
                for form in one.forms
            ),
        )
        self.versions = {(names[key[0]], key[1]): row for key, row in versions.items()}

    def store_items(self) -> None:
        blocks = self._store_blocks()
        ids = {code: one.pk for code, one in self.instruments.items()}
        names = {pk: code for code, pk in ids.items()}
        found = self.store.put(
            Item.objects.filter(instrument__project=self.project),
            ("instrument_id", "name"),
            (
                {
                    "instrument_id": ids[one.code],
                    "block_id": blocks[one.code, item.block].pk if item.block else None,
                    "scale_id": self.scales[item.scale].pk if item.scale else None,
                    **rows.item(item),
                }
                for one in self.definition.instruments
                for item in one.items
            ),
            fixed=("kind", "scale_id"),
        )
        self.items = {(names[key[0]], key[1]): row for key, row in found.items()}
        self._store_item_versions()

    def _store_item_versions(self) -> None:
        asked = [one for each in self.definition.instruments for one in each.item_versions]
        found = self.store.put(
            ItemVersion.objects.filter(version__instrument__project=self.project),
            ("item_id", "version_id"),
            (
                {
                    "item_id": self.items[one.instrument, one.item].pk,
                    "version_id": self.versions[one.instrument, one.version].pk,
                    **rows.item_version(one),
                }
                for one in asked
            ),
        )
        items = {row.pk: key for key, row in self.items.items()}
        versions = {row.pk: key[1] for key, row in self.versions.items()}
        questions = {
            (items[item][0], versions[version], items[item][1]): row
            for (item, version), row in found.items()
        }
        store_wording_decisions(self.store, questions, asked)

    def _store_blocks(self) -> dict[ItemKey, Block]:
        ids = {code: one.pk for code, one in self.instruments.items()}
        names = {pk: code for code, pk in ids.items()}
        found = self.store.put(
            Block.objects.filter(instrument__project=self.project),
            ("instrument_id", "code"),
            (
                {
                    "instrument_id": ids[one.code],
                    "code": block.code,
                    **rows.labelled("label", block.labels),
                    "position": position,
                }
                for one in self.definition.instruments
                for position, block in enumerate(one.blocks)
            ),
        )
        return {(names[key[0]], key[1]): row for key, row in found.items()}

    def store_waves(self) -> None:
        stored = Wave.objects.filter(project=self.project)
        places = self._wave_places(dict(stored.values_list("code", "position")))
        found = self.store.put(
            stored,
            ("code",),
            (
                {
                    "project_id": self.project.pk,
                    **rows.wave(one),
                    "position": places[one.code],
                }
                for one in self.definition.waves
            ),
        )
        self.waves = {wave.code: wave for wave in found.values()}
        respondents = {one.code: one.respondent for one in self.definition.instruments}
        # A wave that was changed on the site keeps the questionnaires it has there.
        ours = [one for one in self.definition.waves if not self.waves[one.code].updated_by_id]
        self.store.put(
            WaveInstrument.objects.filter(wave__project=self.project),
            ("wave_id", "version_id"),
            (
                {
                    "wave_id": self.waves[wave.code].pk,
                    "version_id": self.versions[pair].pk,
                    "selection": wave.selection(pair[0], respondents[pair[0]]).value,
                }
                for wave in ours
                for pair in wave.versions
            ),
        )

    def _wave_places(self, stored: Mapping[str, int]) -> dict[str, int]:
        """As in the sheet; beside waves only the site knows, each keeps its place or comes last."""
        waves = self.definition.waves
        others = [place for code, place in stored.items() if code not in {w.code for w in waves}]
        if not others:
            return rows.places([one.code for one in waves], stored)
        first = max(others) + 1
        return {one.code: stored.get(one.code, first + one.position) for one in waves}

    def store_indices(self) -> None:
        stored = CompositeIndex.objects.filter(instrument__project=self.project)
        places = self._places(stored, [one.code for one in self.definition.indices])
        found = self.store.put(
            stored,
            ("instrument_id", "code"),
            (
                {
                    "instrument_id": self.instruments[one.instrument].pk,
                    **rows.index(one),
                    "position": places[one.code],
                }
                for one in self.definition.indices
            ),
        )
        self.indices = {index.code: index for index in found.values()}
        self._store_index_items(self.definition.indices)

    def _store_index_items(self, indices: Iterable[IndexDefinition]) -> None:
        indices = [one for one in indices if not self._keeps_its_items(one)]
        wanted = [
            {
                "index_id": self.indices[one.code].pk,
                "item_id": self.items[one.instrument, name].pk,
                "is_reversed": name in one.reversed_items,
                "position": position,
            }
            for one in indices
            for position, name in enumerate(one.items)
        ]
        stored = IndexItem.objects.filter(index__instrument__project=self.project)
        stored = stored.select_related("index", "item")
        found = self.store.put(stored, ("index_id", "item_id"), wanted)
        ours = {self.indices[one.code].pk for one in indices}
        kept = {(row["index_id"], row["item_id"]) for row in wanted}
        gone = [row.pk for key, row in found.items() if key[0] in ours and key not in kept]
        self.store.remove(stored.filter(pk__in=gone))

    def _keeps_its_items(self, one: IndexDefinition) -> bool:
        """An index that a person changed keeps the questions it was given there."""
        index = self.indices[one.code]
        if index.updated_by_id is None:
            return False
        items = {
            link.item.name: link.is_reversed for link in index.index_items.select_related("item")
        }
        if items != {name: name in one.reversed_items for name in one.items}:
            self.store.notice_edited(index, ("items",))
        return True

    def store_measures(self) -> None:
        found = self.store.put(
            Measure.objects.filter(project=self.project),
            ("code",),
            (self._measure(one) for one in self.definition.measures),
        )
        self.measures = {measure.code: measure for measure in found.values()}

    def _measure(self, one: MeasureDefinition) -> rows.Row:
        return {
            "project_id": self.project.pk,
            "code": one.code,
            "kind": one.kind.value,
            "index_id": self.indices[one.index].pk if one.index else None,
            "item_id": self.items[one.item].pk if one.item else None,
            "second_item_id": self.items[one.second_item].pk if one.second_item else None,
            "codes": list(one.codes),
            "option": one.option,
            "source": one.source,
        }

    def store_indicators(self) -> None:
        stored = Indicator.objects.filter(project=self.project)
        places = self._places(stored, [one.code for one in self.definition.indicators])
        found = self.store.put(
            stored,
            ("code",),
            (
                {
                    "project_id": self.project.pk,
                    "measure_id": self.measures[one.measure.code].pk,
                    **rows.indicator(one),
                    "position": places[one.code],
                }
                for one in self.definition.indicators
            ),
        )
        self.indicators = {indicator.code: indicator for indicator in found.values()}

    @staticmethod
    def _places(
        stored: QuerySet[CompositeIndex] | QuerySet[Indicator], wanted: list[str]
    ) -> dict[str, int]:
        ordered = stored.order_by("position", "pk").values_list("code", "position")
        return rows.places(wanted, dict(ordered))

    def store_targets(self) -> None:
        stored = Target.objects.filter(indicator__project=self.project)
        self.store.put(
            stored.select_related("indicator", "school", "wave"),
            ("indicator_id", "school_id", "wave_id"),
            (
                {
                    "indicator_id": self.indicators[one.indicator].pk,
                    "school_id": self.schools[one.school].pk if one.school else None,
                    "wave_id": self.waves[one.wave].pk,
                    **rows.target(one),
                }
                for one in self.definition.targets
            ),
        )

    def store_agenda(self) -> None:
        store_agenda(self.store, self.project, self.definition.agenda, self.indicators)
