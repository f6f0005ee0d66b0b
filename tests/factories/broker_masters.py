"""Lines of brokers' masters: an option, a future, a share and an index as each of the six publishes them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from markets.master.rows import MasterRow

EXPIRY = date(2026, 11, 23)
DAY = date(2026, 11, 16)
BROKERS = ("angelone", "dhan", "fyers", "kite", "shoonya", "upstox")
SOURCES = {broker: broker for broker in BROKERS} | {"shoonya": "shoonya_nfo", "fyers": "fyers_nse_fo"}

KITE = (
    "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
    "instrument_type,segment,exchange"
)
KITE_CALL = "10240258,40001,NIFTY26NOV25400CE,NIFTY,0.0,2026-11-23,25400.0,0.05,65,CE,NFO-OPT,NFO"
KITE_FUTURE = "10240514,40002,NIFTY26NOVFUT,NIFTY,0.0,2026-11-23,0.0,0.1,65,FUT,NFO-FUT,NFO"
KITE_SHARE = "738561,2885,RELIANCE,RELIANCE INDUSTRIES,0.0,,0.0,0.1,1,EQ,NSE,NSE"
KITE_INDEX = "256265,1001,NIFTY 50,NIFTY 50,0.0,,0.0,0.0,0,EQ,INDICES,NSE"

SHOONYA = "Exchange,Token,LotSize,Symbol,TradingSymbol,Expiry,Instrument,OptionType,StrikePrice,TickSize,"
SHOONYA_CALL = "NFO,40001,65,NIFTY,NIFTY23NOV26C25400,23-NOV-2026,OPTIDX,CE,25400,0.05,"
SHOONYA_FUTURE = "NFO,40002,65,NIFTY,NIFTY23NOV26F,23-NOV-2026,FUTIDX,XX,0,0.1,"
SHOONYA_CODED = "BFO,888717,2425,ZOMAOPT,ETERNAL26NOV375PE,26-NOV-2026,OPTSTK,PE,375,0.05,"
SHOONYA_CASH = "Exchange,Token,LotSize,Symbol,TradingSymbol,Instrument,TickSize,"
SHOONYA_SHARE = "NSE,2885,1,RELIANCE,RELIANCE-EQ,EQ,0.1,"
SHOONYA_INDEX = "NSE,26000,1,Nifty 50,NIFTY INDEX,INDEX,0,"

DHAN = (
    "SEM_EXM_EXCH_ID,SEM_SEGMENT,SEM_SMST_SECURITY_ID,SEM_INSTRUMENT_NAME,SEM_EXPIRY_CODE,SEM_TRADING_SYMBOL,"
    "SEM_LOT_UNITS,SEM_CUSTOM_SYMBOL,SEM_EXPIRY_DATE,SEM_STRIKE_PRICE,SEM_OPTION_TYPE,SEM_TICK_SIZE,"
    "SEM_EXPIRY_FLAG,SEM_EXCH_INSTRUMENT_TYPE,SEM_SERIES,SM_SYMBOL_NAME"
)
DHAN_CALL = (
    "NSE,D,40001,OPTIDX,0,NIFTY-Nov2026-25400-CE,65.0,NIFTY 23 NOV 25400 CALL,2026-11-23 14:30:00,"
    "25400.00000,CE,5.0000,M,OP,NA,"
)
DHAN_FUTURE = (
    "NSE,D,40002,FUTIDX,0,NIFTY-Nov2026-FUT,65.0,NIFTY NOV FUT,2026-11-23 14:30:00,-0.01000,XX,10.0000,"
    "M,FUT,NA,"
)
DHAN_SHARE = (
    "NSE,E,2885,EQUITY,0,RELIANCE,1.0,Reliance Industries,,,,10.0000,NA,ES,EQ,RELIANCE INDUSTRIES LTD"
)
DHAN_INDEX = "NSE,I,13,INDEX,0,NIFTY,1,Nifty 50,0001-01-01,,XX,0.05,,INDEX,X,NIFTY"

FYERS_CALL = (
    "101126112340001,NIFTY 23 Nov 26 25400 CE,14,65,0.05,,0915-1530|1815-1915:,2026-11-16,1795428000,"
    "NSE:NIFTY26NOV25400CE,10,11,40001,NIFTY,26000,25400.0,CE,101000000026000,None,0,0.0"
)
FYERS_FUTURE = (
    "101126112340002,NIFTY 23 Nov 26 FUT,11,65,0.1,,0915-1530|1815-1915:,2026-11-16,1795428000,"
    "NSE:NIFTY26NOVFUT,10,11,40002,NIFTY,26000,-1.0,XX,101000000026000,None,0,0.0"
)
FYERS_SHARE = (
    "10100000002885,RELIANCE INDUSTRIES LTD,0,1,0.1,INE002A01018,0915-1530|1815-1915:,2026-11-16,,"
    "NSE:RELIANCE-EQ,10,10,2885,RELIANCE,2885,-1.0,XX,10100000002885,None,0,0.0"
)
FYERS_INDEX = (
    "101000000026000,NIFTY50-INDEX,10,1,0.05,,0915-1530|1815-1915:,2026-11-16,,"
    "NSE:NIFTY50-INDEX,10,10,26000,NIFTY,26000,-1.0,XX,101000000026000,None,0,0.0"
)

ANGEL_CALL = {
    "token": "40001",
    "symbol": "NIFTY23NOV2625400CE",
    "name": "NIFTY",
    "expiry": "23NOV2026",
    "strike": "2540000.000000",
    "lotsize": "65",
    "instrumenttype": "OPTIDX",
    "exch_seg": "NFO",
    "tick_size": "5.000000",
}
ANGEL_FUTURE = ANGEL_CALL | {
    "token": "40002",
    "symbol": "NIFTY23NOV26FUT",
    "strike": "-1.000000",
    "instrumenttype": "FUTIDX",
    "tick_size": "10.000000",
}
ANGEL_SHARE = {
    "token": "2885",
    "symbol": "RELIANCE-EQ",
    "name": "RELIANCE",
    "expiry": "",
    "strike": "-1.000000",
    "lotsize": "1",
    "instrumenttype": "",
    "exch_seg": "NSE",
    "tick_size": "10.000000",
}
ANGEL_INDEX = ANGEL_SHARE | {
    "token": "99926000",
    "symbol": "Nifty 50",
    "name": "NIFTY",
    "instrumenttype": "AMXIDX",
    "tick_size": "0.000000",
}

UPSTOX_CALL = {
    "weekly": False,
    "segment": "NSE_FO",
    "name": "NIFTY",
    "exchange": "NSE",
    "expiry": 1795458599000,
    "instrument_type": "CE",
    "underlying_symbol": "NIFTY",
    "instrument_key": "NSE_FO|40001",
    "lot_size": 65,
    "freeze_quantity": 1755.0,
    "exchange_token": "40001",
    "minimum_lot": 65,
    "tick_size": 5.0,
    "trading_symbol": "NIFTY 25400 CE 23 NOV 26",
    "strike_price": 25400.0,
}
UPSTOX_FUTURE = UPSTOX_CALL | {
    "instrument_type": "FUT",
    "instrument_key": "NSE_FO|40002",
    "exchange_token": "40002",
    "tick_size": 10.0,
    "trading_symbol": "NIFTY FUT 23 NOV 26",
    "strike_price": 0.0,
}
UPSTOX_SHARE = {
    "segment": "NSE_EQ",
    "name": "RELIANCE INDUSTRIES LTD",
    "exchange": "NSE",
    "isin": "INE002A01018",
    "instrument_type": "EQ",
    "instrument_key": "NSE_EQ|INE002A01018",
    "lot_size": 1,
    "freeze_quantity": 100000.0,
    "exchange_token": "2885",
    "tick_size": 10.0,
    "trading_symbol": "RELIANCE",
}
UPSTOX_INDEX = {
    "segment": "NSE_INDEX",
    "name": "Nifty 50",
    "exchange": "NSE",
    "instrument_type": "INDEX",
    "instrument_key": "NSE_INDEX|Nifty 50",
    "exchange_token": "26000",
    "trading_symbol": "NIFTY",
}

# what every broker's four lines say
CALL = MasterRow(1, "NSE", "NIFTY", "CE", EXPIRY, 25_400_00, 65, 5, None, "40001")
FUTURE = MasterRow(2, "NSE", "NIFTY", "FUT", EXPIRY, None, 65, 10, None, "40002")
SHARE = MasterRow(3, "NSE", "RELIANCE", "EQ", None, None, 1, 10, None, "2885")
INDEX = MasterRow(4, "NSE", "NIFTY", "INDEX")


def csv(*lines: str) -> bytes:
    """Lines of a file."""
    return "".join(f"{line}\r\n" for line in lines).encode()


def array(*elements: Any) -> bytes:
    """A file that is one JSON array."""
    return json.dumps(elements).encode()


MASTERS = {
    "kite": csv(KITE, KITE_CALL, KITE_FUTURE, KITE_SHARE, KITE_INDEX),
    "angelone": array(ANGEL_CALL, ANGEL_FUTURE, ANGEL_SHARE, ANGEL_INDEX),
    "shoonya": csv(SHOONYA, SHOONYA_CALL, SHOONYA_FUTURE),
    "shoonya_cash": csv(SHOONYA_CASH, SHOONYA_SHARE, SHOONYA_INDEX),
    "upstox": array(UPSTOX_CALL, UPSTOX_FUTURE, UPSTOX_SHARE, UPSTOX_INDEX),
    "dhan": csv(DHAN, DHAN_CALL, DHAN_FUTURE, DHAN_SHARE, DHAN_INDEX),
    "fyers": csv(FYERS_CALL, FYERS_FUTURE),
    "fyers_cash": csv(FYERS_SHARE, FYERS_INDEX),
}
