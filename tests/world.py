"""One small named catalog that every test speaks of: three measures, two cities, a gap on purpose.

Measure 1 has both cities with outcomes; a page break cuts Beijing's practice. Measure 2 has both
cities, Shanghai's without an outcome. Measure 3 has only Shanghai, whose practice a caption cuts;
its section declares 2 measures and lists 1.
"""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.contrib.auth import get_user_model

from reforms.importing import load_catalog
from reforms.models import Measure
from reforms.records import (
    Bound,
    CatalogRecord,
    CategoryRecord,
    Certainty,
    CityRecord,
    Completeness,
    Confidence,
    Decision,
    Direction,
    ErratumRecord,
    FigureRecord,
    IdentificationRecord,
    IndicatorRecord,
    Kind,
    MeasureRecord,
    Nature,
    NumberRecord,
    OutcomeState,
    PassageRecord,
    PointRecord,
    PracticeRecord,
    Role,
    SectionRecord,
    SourceRecord,
    Spans,
    StatedIn,
    ThemeRecord,
    TranslationState,
)
from reforms.spans import find, text_at
from tests.kept_rows import build_once

SOURCE = "sample-notice"
ELECTRICITY = "electricity"
PROPERTY = "property-registration"
BEIJING = "beijing"
SHANGHAI = "shanghai"
LOADED_BY = "fixtures"

TEXT = """复制推广改革举措 优化营商环境

(一) 获得电力(2项)

改革举措1:提供低压小微企业接电“零上门零投资”服务。具体做法:

北京市 率先推出“三零”服务。“零上门”:客户线上报装、签订合同,“一次都不跑”。市政审批时间由56天压缩至15天,今年,进一步压缩至5天。“零投资”:报装容量在160千伏安及以下的,表箱及以上工程由电

力公司投资建设。成效:小微企业办电全程不超过15天;累计服务超过590户;外部接电工程投资为0。

上海市 “零见面”:应用线上签订合同,让客户办理用电业务“一次都不跑”。审批环节时长从15个工作日压缩至5天内。成效:小微企业办电全程不超过15天;费用为0。

改革举措2:实行接电工程双经理负责制。具体做法:

北京市 建立“1+1”服务团队,客户经理负责整体协调协调,项目经理负责外线工程建设。成效:低压小微企业接电时间压缩至15天以内。

上海市 实行双经理负责制,客户经理全程代办接电报批手续。

(二) 登记财产(2项)

改革举措3:推行不动产登记电子证照协同互认。具体做法:

上海市 推进数据共享,为银行开通在线

外籍人才在服务大厅办理业务(资料图片)

查询系统。成效:已汇交存量数据共约1033万条,不再要求申请人重复提交。
"""

Piece = tuple[str | None, Role, str | None, str | None, str]

# Every piece of the text in printed order: measure, role, city, section, words.
PIECES: tuple[Piece, ...] = (
    (None, Role.RUNNING_HEAD, None, None, "复制推广改革举措 优化营商环境"),
    (None, Role.SECTION_HEADING, None, "一", "(一) 获得电力(2项)"),
    ("1", Role.NUMBER_LABEL, None, None, "改革举措1:"),
    ("1", Role.TITLE, None, None, "提供低压小微企业接电“零上门零投资”服务"),
    ("1", Role.PRACTICE_LABEL, None, None, "。具体做法:"),
    ("1", Role.CITY_LABEL, BEIJING, None, "北京市"),
    (
        "1",
        Role.PRACTICE,
        BEIJING,
        None,
        "率先推出“三零”服务。“零上门”:客户线上报装、签订合同,“一次都不跑”。"
        "市政审批时间由56天压缩至15天,今年,进一步压缩至5天。"
        "“零投资”:报装容量在160千伏安及以下的,表箱及以上工程由电",
    ),
    ("1", Role.PRACTICE, BEIJING, None, "力公司投资建设。"),
    ("1", Role.OUTCOME_LABEL, BEIJING, None, "成效:"),
    (
        "1",
        Role.OUTCOME,
        BEIJING,
        None,
        "小微企业办电全程不超过15天;累计服务超过590户;外部接电工程投资为0。",
    ),
    ("1", Role.CITY_LABEL, SHANGHAI, None, "上海市"),
    (
        "1",
        Role.PRACTICE,
        SHANGHAI,
        None,
        "“零见面”:应用线上签订合同,让客户办理用电业务“一次都不跑”。"
        "审批环节时长从15个工作日压缩至5天内。",
    ),
    ("1", Role.OUTCOME_LABEL, SHANGHAI, None, "成效:"),
    ("1", Role.OUTCOME, SHANGHAI, None, "小微企业办电全程不超过15天;费用为0。"),
    ("2", Role.NUMBER_LABEL, None, None, "改革举措2:"),
    ("2", Role.TITLE, None, None, "实行接电工程双经理负责制"),
    ("2", Role.PRACTICE_LABEL, None, None, "。具体做法:"),
    ("2", Role.CITY_LABEL, BEIJING, None, "北京市"),
    (
        "2",
        Role.PRACTICE,
        BEIJING,
        None,
        "建立“1+1”服务团队,客户经理负责整体协调协调,项目经理负责外线工程建设。",
    ),
    ("2", Role.OUTCOME_LABEL, BEIJING, None, "成效:"),
    ("2", Role.OUTCOME, BEIJING, None, "低压小微企业接电时间压缩至15天以内。"),
    ("2", Role.CITY_LABEL, SHANGHAI, None, "上海市"),
    ("2", Role.PRACTICE, SHANGHAI, None, "实行双经理负责制,客户经理全程代办接电报批手续。"),
    (None, Role.SECTION_HEADING, None, "二", "(二) 登记财产(2项)"),
    ("3", Role.NUMBER_LABEL, None, None, "改革举措3:"),
    ("3", Role.TITLE, None, None, "推行不动产登记电子证照协同互认"),
    ("3", Role.PRACTICE_LABEL, None, None, "。具体做法:"),
    ("3", Role.CITY_LABEL, SHANGHAI, None, "上海市"),
    ("3", Role.PRACTICE, SHANGHAI, None, "推进数据共享,为银行开通在线"),
    (None, Role.CAPTION, None, None, "外籍人才在服务大厅办理业务(资料图片)"),
    ("3", Role.PRACTICE, SHANGHAI, None, "查询系统。"),
    ("3", Role.OUTCOME_LABEL, SHANGHAI, None, "成效:"),
    ("3", Role.OUTCOME, SHANGHAI, None, "已汇交存量数据共约1033万条,不再要求申请人重复提交。"),
)


def passages(measure: str | None) -> tuple[PassageRecord, ...]:
    """Return the passages of a measure by its key, or the source's own (None), as printed."""
    position = 0
    found = []
    for key, role, city, section, words in PIECES:
        start = TEXT.index(words, position)
        position = start + len(words)
        if key == measure:
            found.append(
                PassageRecord(role=role, city=city, section=section, start=start, end=position)
            )
    return tuple(found)


def spans_of(measure: str, role: Role, city: str | None = None) -> Spans:
    """Return where a measure's title, or a city's practice or outcome, stands."""
    return tuple(
        (part.start, part.end)
        for part in passages(measure)
        if part.role == role and part.city == city
    )


def place(measure: str, role: Role, city: str | None, words: str) -> Spans:
    """Return where words stand in a text of a measure; ``…`` parts words from several places."""
    within = spans_of(measure, role, city)
    return tuple(span for part in words.split("…") for span in next(iter(find(TEXT, part, within))))


def figure(measure: str, city: str, stated_in: StatedIn, quote: str, **values: Any) -> FigureRecord:
    """Return a figure with its quotation found in the text."""
    spans = place(measure, Role(stated_in), city, quote)
    return FigureRecord(stated_in=stated_in, quote=quote, quote_spans=spans, **values)


def practice(measure: str, city: str, **values: Any) -> PracticeRecord:
    """Return a city's practice with its texts read off the source, translated."""
    spans = spans_of(measure, Role.PRACTICE, city)
    outcome_spans = spans_of(measure, Role.OUTCOME, city)
    return PracticeRecord(
        city=city,
        city_is_printed=True,
        practice_zh=text_at(TEXT, spans),
        practice_spans=spans,
        translation_state=TranslationState.CURRENT,
        outcome_state=OutcomeState.STATED if outcome_spans else OutcomeState.NOT_STATED,
        outcome_zh=text_at(TEXT, outcome_spans) if outcome_spans else None,
        outcome_spans=outcome_spans,
        **values,
    )


def points(measure: str, city: str, **words_by_theme: str) -> tuple[PointRecord, ...]:
    """Return points of a practice: a theme's slug with ``_`` for ``-``, and its words."""
    return tuple(
        PointRecord(theme=theme.replace("_", "-"), spans=place(measure, Role.PRACTICE, city, words))
        for theme, words in words_by_theme.items()
    )


def measure_one() -> MeasureRecord:
    """Return measure 1: both cities, both outcomes, a practice cut by a page break."""
    days = {"unit_zh": "天", "unit_en": "days"}
    whole_process = {
        "indicator": "connection-time",
        "kind": Kind.TIME,
        "nature": Nature.LIMIT,
        "value": "15",
        "printed": ("15天",),
        "bound": Bound.AT_MOST,
        "qualifier_zh": "不超过",
        "qualifier_en": "no more than",
        "scope_zh": "小微企业办电全程",
        "scope_en": "whole process of connecting a small or micro business",
        "statement": "connection-in-15-days",
        **days,
    }
    beijing = practice(
        "1",
        BEIJING,
        practice_en="Beijing was first to introduce the “three zeros” service: customers apply and "
        "sign online without a single visit; municipal approval was cut from 56 days to 15 and this "
        "year to 5; up to 160 kVA the power company pays for the works.",
        summary_zh="线上报装签约,审批压缩至5天,接电工程由电力公司投资",
        summary_en="Online application and contract, approval in 5 days, works paid by the power "
        "company",
        outcome_en="A small or micro business is connected within 15 days; more than 590 customers "
        "served; investment in outside works is 0.",
        points=points(
            "1",
            BEIJING,
            no_visits="“零上门”:客户线上报装、签订合同,“一次都不跑”。",
            no_investment="“零投资”:报装容量在160千伏安及以下的,表箱及以上工程由电力公司投资建设。",
        ),
        figures=(
            figure(
                "1",
                BEIJING,
                StatedIn.PRACTICE,
                "市政审批时间由56天压缩至15天,今年,进一步压缩至5天",
                indicator="approval-time",
                kind=Kind.TIME,
                nature=Nature.ACHIEVED,
                before="56",
                steps=("15",),
                after="5",
                printed=("56天", "15天", "5天"),
                direction=Direction.DECREASE,
                scope_zh="市政审批",
                scope_en="municipal approval",
                period_zh="今年",
                period_en="this year",
                **days,
            ),
            figure("1", BEIJING, StatedIn.OUTCOME, "小微企业办电全程不超过15天", **whole_process),
            figure(
                "1",
                BEIJING,
                StatedIn.OUTCOME,
                "累计服务超过590户",
                indicator="customers-served",
                kind=Kind.VOLUME,
                nature=Nature.CUMULATIVE,
                value="590",
                printed=("590户",),
                unit_zh="户",
                unit_en="customers",
                bound=Bound.MORE_THAN,
                qualifier_zh="超过",
                qualifier_en="more than",
                scope_zh="“三零”服务",
                scope_en="the “three zeros” service",
            ),
            figure(
                "1",
                BEIJING,
                StatedIn.OUTCOME,
                "外部接电工程投资为0",
                indicator="outside-works-cost",
                kind=Kind.COST,
                nature=Nature.ACHIEVED,
                value="0",
                printed=("0",),
                unit_inferred_zh="元",
                unit_inferred_en="RMB",
                scope_zh="外部接电工程",
                scope_en="outside works",
            ),
        ),
    )
    shanghai = practice(
        "1",
        SHANGHAI,
        practice_en="Contracts are signed online, so that customers get power without a single "
        "visit; approval takes 5 days instead of 15 working days.",
        summary_zh="线上签订合同,审批从15个工作日压缩至5天内",
        summary_en="Contracts signed online; approval within 5 days instead of 15 working days",
        outcome_en="A small or micro business is connected within 15 days; the fee is 0.",
        points=points(
            "1",
            SHANGHAI,
            no_visits="“零见面”:应用线上签订合同,让客户办理用电业务“一次都不跑”。",
        ),
        figures=(
            figure(
                "1",
                SHANGHAI,
                StatedIn.PRACTICE,
                "审批环节时长从15个工作日压缩至5天内",
                indicator="approval-time",
                kind=Kind.TIME,
                nature=Nature.ACHIEVED,
                before="15",
                after="5",
                printed=("15个工作日", "5天"),
                before_unit_zh="个工作日",
                before_unit_en="working days",
                bound=Bound.AT_MOST,
                qualifier_zh="内",
                qualifier_en="within",
                direction=Direction.DECREASE,
                scope_zh="审批环节",
                scope_en="approval",
                **days,
            ),
            figure("1", SHANGHAI, StatedIn.OUTCOME, "小微企业办电全程不超过15天", **whole_process),
        ),
    )
    return measure(
        1,
        title_en="Connecting small and micro businesses with no visits and no investment",
        practices=(beijing, shanghai),
    )


def measure_two() -> MeasureRecord:
    """Return measure 2: both cities, Shanghai's outcome not stated, a doubled word in Beijing's."""
    beijing = practice(
        "2",
        BEIJING,
        practice_en="A “1+1” team: the account manager coordinates, the project manager builds.",
        summary_zh="客户经理与项目经理组成“1+1”团队",
        summary_en="A “1+1” team of account manager and project manager",
        outcome_en="Low-voltage connection takes 15 days at most.",
        points=points("2", BEIJING, two_managers="建立“1+1”服务团队"),
        figures=(
            figure(
                "2",
                BEIJING,
                StatedIn.OUTCOME,
                "低压小微企业接电时间压缩至15天以内",
                indicator="connection-time",
                kind=Kind.TIME,
                nature=Nature.LIMIT,
                value="15",
                printed=("15天",),
                unit_zh="天",
                unit_en="days",
                bound=Bound.AT_MOST,
                qualifier_zh="以内",
                qualifier_en="within",
                direction=Direction.DECREASE,
                scope_zh="低压小微企业接电",
                scope_en="low-voltage connection of small and micro businesses",
            ),
        ),
    )
    shanghai = practice(
        "2",
        SHANGHAI,
        practice_en=None,
        summary_zh="双经理负责,客户经理全程代办",
        summary_en=None,
        points=points("2", SHANGHAI, two_managers="实行双经理负责制"),
    )
    shanghai = replace(shanghai, translation_state=TranslationState.MISSING)
    erratum = ErratumRecord(
        as_printed="协调协调",
        reading="协调",
        reason_zh="重复排印。",
        reason_en="Printed twice.",
        confidence=Confidence.HIGH,
        decision=Decision.CONFIRMED,
        stands_in=Role.PRACTICE,
        spans=place("2", Role.PRACTICE, BEIJING, "协调协调"),
    )
    return measure(
        2,
        title_en="Two managers responsible for each connection",
        practices=(beijing, shanghai),
        errata=(erratum,),
    )


def measure_three() -> MeasureRecord:
    """Return measure 3: Shanghai only, a practice cut by a caption, a heading that miscounts."""
    shanghai = practice(
        "3",
        SHANGHAI,
        practice_en="Data are shared, and banks can query the system online.",
        summary_zh="数据共享,银行在线查询",
        summary_en="Data shared; banks query online",
        outcome_en="About 10.33 million records transferred; applicants submit nothing twice.",
        points=points("3", SHANGHAI, data_sharing="推进数据共享"),
        figures=(
            figure(
                "3",
                SHANGHAI,
                StatedIn.OUTCOME,
                "已汇交存量数据共约1033万条",
                indicator="records-transferred",
                kind=Kind.VOLUME,
                nature=Nature.CUMULATIVE,
                value="10330000",
                printed=("1033万条",),
                unit_zh="条",
                unit_en="records",
                bound=Bound.ABOUT,
                qualifier_zh="约",
                qualifier_en="about",
                scope_zh="不动产登记存量数据",
                scope_en="existing property registration data",
                period_certainty=Certainty.UNKNOWN,
            ),
        ),
    )
    heading = next(part for part in passages(None) if part.section == "二")
    count = TEXT.index("2项", heading.start)
    erratum = ErratumRecord(
        as_printed="2项",
        reading="1项",
        reason_zh="本节只列出1项。",
        reason_en="The section lists only one measure.",
        confidence=Confidence.HIGH,
        stands_in=Role.SECTION_HEADING,
        spans=((count, count + len("2项")),),
    )
    return measure(
        3,
        title_en="Electronic property certificates recognised by all",
        category=PROPERTY,
        section="二",
        practices=(shanghai,),
        errata=(erratum,),
    )


def measure(number: int, **values: Any) -> MeasureRecord:
    """Return a measure with its title and passages read off the source."""
    key = str(number)
    spans = spans_of(key, Role.TITLE)
    return MeasureRecord(
        source=SOURCE,
        key=key,
        number=number,
        position=number,
        title_zh=text_at(TEXT, spans),
        title_spans=spans,
        passages=passages(key),
        **{"category": ELECTRICITY, "section": "一", **values},
    )


def source() -> SourceRecord:
    """Return the notice itself: a fragment that prints neither issuer nor date."""
    team = TEXT.index("1+1")
    return SourceRecord(
        slug=SOURCE,
        position=1,
        short_name_zh="示例通知",
        short_name_en="Sample notice",
        title_zh="复制推广改革举措 优化营商环境",
        title_en="Replicating reform measures to improve the business environment",
        text=TEXT,
        checksum=sha256(TEXT.encode()).hexdigest(),
        completeness=Completeness.FRAGMENT,
        missing_zh="缺开头与结尾。",
        missing_en="The beginning and the end are missing.",
        sections=(
            SectionRecord(
                label="一",
                position=1,
                name_zh="获得电力",
                name_en="Getting electricity",
                declared_count=2,
                category=ELECTRICITY,
            ),
            SectionRecord(
                label="二",
                position=2,
                name_zh="登记财产",
                name_en="Registering property",
                declared_count=2,
                category=PROPERTY,
            ),
        ),
        identifications=(
            IdentificationRecord(
                kind="parent-document",
                claim_zh="可能出自另一份通知。",
                claim_en="It may come from another notice.",
                found_in_zh="目录",
                found_in_en="a list",
                confidence=Confidence.LOW,
            ),
        ),
        passages=passages(None),
        other_numbers=(
            NumberRecord(
                digits="1+1",
                kind="name",
                reason_zh="团队的名称。",
                reason_en="The name of a team.",
                spans=((team, team + 3),),
            ),
        ),
    )


def _categories() -> tuple[CategoryRecord, ...]:
    names = ((ELECTRICITY, "获得电力", "Getting electricity"),)
    names += ((PROPERTY, "登记财产", "Registering property"),)
    return tuple(
        CategoryRecord(
            slug=slug,
            position=position,
            name_zh=zh,
            name_en=en,
            doing_business_topic_zh=zh,
            doing_business_topic_en=en,
        )
        for position, (slug, zh, en) in enumerate(names, start=1)
    )


def _cities() -> tuple[CityRecord, ...]:
    names = ((BEIJING, "北京", "Beijing"), (SHANGHAI, "上海", "Shanghai"))
    return tuple(
        CityRecord(
            slug=slug,
            position=position,
            name_zh=f"{zh}市",
            name_en=en,
            short_name_zh=zh,
            short_name_en=en,
        )
        for position, (slug, zh, en) in enumerate(names, start=1)
    )


def _themes() -> tuple[ThemeRecord, ...]:
    names = (
        ("no-visits", "零上门", "No visits"),
        ("no-investment", "零投资", "No investment"),
        ("two-managers", "双经理", "Two managers"),
        ("data-sharing", "数据共享", "Data sharing"),
    )
    return tuple(
        ThemeRecord(
            slug=slug,
            position=position,
            name_zh=zh,
            name_en=en,
            definition_zh=f"{zh}的做法。",
            definition_en=f"{en}: what it means.",
        )
        for position, (slug, zh, en) in enumerate(names, start=1)
    )


def _indicators() -> tuple[IndicatorRecord, ...]:
    names = (
        ("approval-time", Kind.TIME, "审批时间", "Approval time"),
        ("connection-time", Kind.TIME, "办电时间", "Connection time"),
        ("customers-served", Kind.VOLUME, "服务户数", "Customers served"),
        ("outside-works-cost", Kind.COST, "外部工程投资", "Cost of outside works"),
        ("records-transferred", Kind.VOLUME, "汇交数据量", "Records transferred"),
    )
    return tuple(
        IndicatorRecord(
            slug=slug,
            position=position,
            kind=kind,
            name_zh=zh,
            name_en=en,
            definition_zh=f"{zh}。",
            definition_en=f"{en}.",
        )
        for position, (slug, kind, zh, en) in enumerate(names, start=1)
    )


def world_catalog() -> CatalogRecord:
    """Return the whole small catalog as one record; nothing is stored."""
    return CatalogRecord(
        categories=_categories(),
        cities=_cities(),
        themes=_themes(),
        indicators=_indicators(),
        sources=(source(),),
        measures=(measure_one(), measure_two(), measure_three()),
    )


def build_world() -> None:
    """Load the small catalog into the database under test, as ``LOADED_BY``."""
    build_once("world", lambda: load_catalog(world_catalog(), by_name=LOADED_BY))


def get_measure(key: str) -> Measure:
    """Return a measure of the world as stored, with all that its record reads."""
    found: Measure = Measure.objects.for_record().get(source__slug=SOURCE, key=key)
    return found


def an_editor(name: str = "li") -> Any:
    """Return an account that may sign in to the admin and do everything there."""
    return get_user_model().objects.create_superuser(
        name, f"{name}@example.org", "correct horse battery staple"
    )
