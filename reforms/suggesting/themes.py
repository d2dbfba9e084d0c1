"""Points that a practice makes of the catalog's themes, by the words that notices use for each."""

import re
from collections.abc import Iterator, Mapping

from reforms.records import MeasureRecord, Role
from reforms.spans import parts_in_source
from reforms.suggesting.shapes import Subject, Suggestion, clauses, gettext_noop, own_texts

THEME_RULE = gettext_noop("%(found)s is how notices speak of this theme.")
# By a theme's slug; a theme that is not here is looked for by its Chinese name.
CUES = {
    "no-visits": "零上门|零见面|不见面|一次都不跑|一次不跑|最多跑一次|零跑腿|无需到现场|不用跑",
    "no-approvals": "零审批|告知承诺|代办|代替(?:客户|企业|申请人)办理|取消.{0,8}审批|免.{0,4}审批|审批改为备案|备案制",
    "no-investment": "零投资|零费用|免费接入|外线投资|投资界面|投资成本|容量标准",
    "online-filing": "网上(?:申请|申报|立案|办理|受理|预约|签订|报装)|在线(?:申请|申报|受理|办理|立案|签订|签署|报装)|线上(?:申请|申报|受理|办理|报装|签订)|网上办|电子税务局|全程网上|全流程网上|网上直接立案|全程电子化",
    "one-click-filing": "一键|自动导入|自动填写|自动预填|预填|免填报|一表申请|辅助申报",
    "paperless": "无纸化|电子化流转|(?:不再|无需|不需|不必|免于).{0,12}(?:提交|提供).{0,8}纸质|电子卷宗|电子单证|电子档案|数字卷宗|自动归档",
    "electronic-certificates": "电子证照|电子.{0,8}(?:许可证|执照|证书|证明|签章|印章)|电子证",
    "fewer-documents": "减并|精简.{0,6}(?:材料|资料|证件|单证)|减少.{0,6}(?:材料|资料|证件|单证)|简化.{0,8}(?:材料|资料|手续|单证)|取消.{0,8}(?:材料|证明|单证)|合并.{0,6}(?:材料|单证)|监管证件",
    "data-sharing": "数据共享|信息共享|共享|互联互通|融合互通|互联网核验|联网核验|对接|唯一关联码|联网基础|数据交换|信息互通",
    "mutual-recognition": "互认|采信|认可.{0,8}(?:结果|证书)|通认",
    "unified-platform": "统一.{0,14}(?:平台|系统)|一网通办|政务服务平台|服务平台|大数据平台|单一窗口平台|综合平台|集成平台|一个平台|一窗受理",
    "online-inquiry": "网上查询|在线查询|查询(?:服务|系统|功能|平台|流程|货物|结果)|实时查询|进度查询|可查询|信息查询|案件查询|卷宗查阅",
    "mobile-tools": "移动作业终端|移动端|手机端|公众号|移动版|微信|手机|APP|小程序|移动终端",
    "self-service": "自助(?:打印|办理|机|设备|终端|下载|查询|服务)|自行(?:下载|打印)|自助",
    "delivery": "配送|邮寄|寄递|送达上门|送票上门|快递",
    "any-office": "就近|通缴通取|(?<!网)通办|下沉|任一网点|任意(?:网点|窗口)|异地办理",
    "round-the-clock": r"24小时|365[×x*]24|7[×x*]24|全天候|不打烊|不间断",
    "easier-payment": "委托扣款|(?:电子|网上|在线|线上|自助)(?:支付|缴费|缴纳|交费|缴税)|支付(?:平台|渠道|方式)|保证保险|汇总征税|诉讼费|缴纳通知书",
    "one-step-approval": "合并.{0,14}(?:环节|手续|步骤|办理)|两步.{0,10}一步|合同前置|并为一|一步作业|一次办结|一次办理|一站式|合二为一",
    "parallel-processing": "并行|并联|同步(?:进行|办理|审批|开展|推进)|一串四并|提前申报",
    "less-time-and-cost": "(?:压缩|缩短|压减|减少|降低|节约|节省).{0,16}(?:时间|时限|时长|周期|环节|成本|费用)|(?:时间|时限|时长|环节).{0,16}(?:压缩|缩短|减少|降低)|即时(?:领票|办结|办理)|即予|当场办结|立等可取|秒批",
    "delegation": "下放",
    "dedicated-manager": "客户经理|项目经理|专人|专员|管家|首席服务|服务团队",
    "process-monitoring": "管控|超时预警|超期预警|限时办结|全程监控|闭环管理|督办",
    "standard-supplies": "典型设计|标准物料|物料标准化|框架招标|实物储备|标准化",
    "integrated-works": "设计施工一体化|一体化管理|总承包|打包|建设管理模式|多审合一|多测合一|联合验收",
    "uninterrupted-supply": "不停电|带电作业|停电计划|停送电",
    "complaint-channel": "投诉",
    "public-disclosure": "向社会公开|公开.{0,16}(?:信息|数据|情况|流程|目录|标准|收费)|信息公开|信息网上公开|网上公开|公示|定期.{0,6}公开",
    "predictable-treatment": "预裁定|归类先例|可预期|预约定价|政策确定性",
    "risk-based-control": "风险(?:分析|管控|分级|评估)|优先检疫|先放行后检测|先放行|即到即查|后续核查|信用监管|分类监管|双随机|事后核查|差别化",
}
_CUES = {slug: re.compile(pattern) for slug, pattern in CUES.items()}


def points_in(record: MeasureRecord, text: str, themes: Mapping[str, str]) -> Iterator[Suggestion]:
    """Yield for each practice and theme the clauses that speak of it, where it has no such point."""
    patterns = {
        slug: _CUES.get(slug) or re.compile(re.escape(name))
        for slug, name in themes.items()
        if slug in _CUES or len(name) > 1
    }
    for own in own_texts(record, text):
        if own.role is not Role.PRACTICE:
            continue
        practice = next(one for one in record.practices if one.city == own.city)
        held = {point.theme for point in practice.points}
        parts = [*clauses(own.words)]
        for slug, pattern in patterns.items():
            if slug in held:
                continue
            found = [
                (part, match[0])
                for part in parts
                if (match := pattern.search(own.words, *part)) is not None
            ]
            if not found:
                continue
            places = parts_in_source(text, [part for part, _word in found], own.spans)
            yield Suggestion(
                subject=Subject.POINT,
                role=own.role,
                city=own.city,
                spans=tuple(span for place in places for span in place),
                words="…".join(own.words[start:end] for (start, end), _word in found),
                value=slug,
                rule=THEME_RULE,
                values={"found": "、".join(dict.fromkeys(word for _part, word in found))},
            )
