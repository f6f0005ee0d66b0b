"""Writes small risk files in the layout of the real ones (PC-SPAN 4.00)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Losses = Sequence[float]


def sixteen(up: float, down: float) -> list[float]:
    """Losses of a contract that moves evenly with the underlying: `up` of a whole move up, `down` down."""
    thirds = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3]
    extremes = [0.7 * up, 0.7 * down]
    return [round((up if third > 0 else down) * abs(third) / 3, 2) for third in thirds] + extremes


def array(losses: Losses, delta: float) -> str:
    return "<ra><r>1</r>" + "".join(f"<a>{loss:.2f}</a>" for loss in losses) + f"<d>{delta}</d></ra>"


def future(expiry: str, price: float, losses: Losses) -> str:
    scan = "<scanRate><r>1</r><priceScan>2234.01</priceScan><volScan>0.04</volScan></scanRate>"
    return (
        f"<fut><cId>1</cId><pe>{expiry}</pe><p>{price}</p><d>1.0</d><v>0.0</v><cvf>1.0</cvf>{scan}"
        f"{array(losses, 1.0)}</fut>"
    )


def option(kind: str, strike: float, price: float, losses: Losses, delta: float) -> str:
    return (
        f"<opt><cId>2</cId><o>{kind}</o><k>{strike:.2f}</k><p>{price}</p><d>{delta}</d><v>0.15</v>"
        f"{array(losses, delta)}</opt>"
    )


def spread(order: int, near: str, far: str, rate: float, method: str = "F") -> str:
    legs = "".join(
        f"<pLeg><cc>NIFTY</cc><pe>{expiry}</pe><rs>{side}</rs><i>1.0000</i></pLeg>"
        for expiry, side in ((near, "A"), (far, "B"))
    )
    return (
        f"<dSpread><spread>{order}</spread><chargeMeth>{method}</chargeMeth>"
        f"<rate><r>1</r><val>{rate}</val></rate>{legs}</dSpread>"
    )


def portfolio(name: str, spot: float, futures: Iterable[str], series: dict[str, Iterable[str]]) -> str:
    options = "".join(f"<series><pe>{expiry}</pe>{''.join(rows)}</series>" for expiry, rows in series.items())
    return (
        f"<phyPf><pfId>1</pfId><pfCode>{name}</pfCode><phy><cId>0</cId><p>{spot}</p></phy></phyPf>"
        f"<futPf><pfId>2</pfId><pfCode>{name}</pfCode>{''.join(futures)}</futPf>"
        f"<oopPf><pfId>3</pfId><pfCode>{name}</pfCode>{options}</oopPf>"
    )


def definition(name: str, spreads: Iterable[str], minimum: float = 0.0) -> str:
    tiers = f"<somTiers><tier><tn>1</tn><rate><r>1</r><val>{minimum}</val></rate></tier></somTiers>"
    return f"<ccDef><cc>{name}</cc><name>{name} – index é</name>{tiers}{''.join(spreads)}</ccDef>"


def document(portfolios: Iterable[str], definitions: Iterable[str], day: str = "20260625") -> bytes:
    text = (
        '<?xml version="1.0"?>\r\n<spanFile><fileFormat>4.00</fileFormat><created>202606251805</created>'
        f"<pointInTime><date>{day}</date><isSetl>1</isSetl><clearingOrg><ec>NSCCL</ec>"
        f"<exchange><exch>NSE</exch>{''.join(portfolios)}</exchange>{''.join(definitions)}"
        "</clearingOrg></pointInTime></spanFile>\r\n"
    )
    return text.replace("–", "-").encode("latin-1")


NEAR, FAR = "20260630", "20260728"
FUTURE_UP, CALL_UP = sixteen(-2000, 2000), sixteen(-900, 60)


def nifty(day: str = "20260625") -> bytes:
    """NIFTY with two futures and four options, and a stock that nobody asks for."""
    options = [
        option("C", 24_500, 60.0, sixteen(-900, 60), 0.25),
        option("C", 25_000, 20.0, sixteen(-500, 20), 0.10),
        option("P", 23_500, 55.25, sixteen(55, -850), -0.24),
        option("P", 23_000.5, 18.0, sixteen(18, -480), -0.09),
    ]
    futures = [future(NEAR, 24_100.05, FUTURE_UP), future(FAR, 24_250, sixteen(-2010, 2010))]
    return document(
        [
            portfolio("NIFTY", 24_000.35, futures, {NEAR: options}),
            portfolio("INFY", 1_500, [future(NEAR, 1_505, sixteen(-213, 213))], {}),
        ],
        [
            definition("NIFTY", [spread(2, NEAR, "20260929", 600), spread(1, NEAR, FAR, 420)]),
            definition("INFY", [spread(1, NEAR, FAR, 30, method="W")], minimum=3.5),
        ],
        day,
    )
