"""The headings of a municipality's spreadsheet, recognised in Danish and bokmål."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dialog.catalogue.amounts import Cell, Unit

IGNORED = "ignored"
UNKNOWN = ""
YEAR = "year"
AMOUNT = "amount"  # an amount whose heading names no year

# Heading without case, spaces and signs → the fields it can mean, the likeliest first.
_MEANINGS: dict[tuple[str, ...], str] = {
    ("code",): """nr nummer id kode no num forslagnr forslagsnr forslagnummer forslagsnummer
        forslagetsnr forslagid forslagsid forslagskode forslagetsnummer spareforslagnr
        spareforslagsnr besparelsesforslagnr katalognr tiltaknr tiltaksnr tiltaknummer
        tiltaksnummer tiltakid tiltaksid tiltakskode temanr emnenr ref refnr reference
        referencenr referanse referansenr identifikation""",
    ("code", IGNORED): "løbenr løpenr løbenummer løpenummer lbnr lnr sagsnr saksnr sag sak",
    ("title",): """titel tittel overskrift navn navnpåforslag forslagstitel forslagetstitel
        titelpåforslag forslagsnavn forslagetsnavn emne benævnelse betegnelse spareforslag
        besparelsesforslag effektiviseringsforslag handleforslag budgetforslag sparetiltak
        innsparingstiltak tiltaksnavn tiltaketsnavn tiltakstittel tittelpåtiltak navnpåtiltak
        forslagtitel tiltaktittel""",
    ("title", "description"): "forslag tiltak tiltag tekst forslaget tiltaket initiativ",
    ("committee",): """udvalg udvalget utvalg fagudvalg ansvarligtudvalg politiskudvalg
        stående udvalg ståendeudvalg hovedutvalg komité komite byrådsavd byrådsavdeling
        udvalgsområde udvalgsnavn utvalgsområde ansvarligutvalg""",
    ("committee", "policy_area", IGNORED): """forvaltning afdeling avdeling etat direktørområde
        magistratsafdeling magistrat kommunalområde virksomhet enhed enhet center senter
        forvaltningsområde direktion""",
    ("policy_area",): """politikområde politikområder fagområde tjenesteområde serviceområde
        bevillingsområde budgetområde rammeområde sektor programområde aktivitetsområde
        politikområdet tjeneste rammeområder""",
    ("policy_area", IGNORED): "område delområde underområde målområde hovedområde funktion",
    ("kind",): """type kategori forslagstype typeafforslag typeforslag typetiltak tiltakstype
        forslagstypen art typeavtiltak forslagskategori tiltakskategori""",
    ("description",): """beskrivelse omtale kortbeskrivelse forslagsbeskrivelse uddybning
        beskrivelseafforslag beskrivelseafforslaget beskrivelseavtiltak beskrivelseavtiltaket
        indhold innhold sagsfremstilling saksfremstilling tiltaksbeskrivelse resumé resume
        kortomtale forslagetsindhold""",
    ("description", IGNORED): """bemærkning bemærkninger merknad merknader kommentar kommentarer
        begrundelse begrunnelse forklaring note noter""",
    ("service_impact",): """konsekvens konsekvenser konsekvensforserviceniveau serviceniveau
        konsekvensforserviceniveauet konsekvenserforserviceniveau konsekvenserforserviceniveauet
        konsekvensforborgerne konsekvenserforborgerne konsekvensforborgere
        konsekvenserforborgere servicemæssigekonsekvenser servicemæssigkonsekvens
        servicekonsekvens servicekonsekvenser konsekvensforinnbyggerne
        konsekvenserforinnbyggerne konsekvenserforbrukerne konsekvensforbrukerne
        konsekvenserfortjenesten konsekvensforservice konsekvenserforservice""",
    ("assumptions",): "forudsætning forudsætninger forutsetning forutsetninger usikkerhed",
    ("people_affected",): """berørteborgere antalberørte antalberørteborgere antalborgere
        berørte antalbrugere berørtebrugere antallberørte berørteinnbyggere berørtebrukere
        antallbrukere berørtebørn antallberørteinnbyggere""",
    ("fte_delta",): """årsværk årsverk stillinger antalårsværk antallårsverk antalstillinger
        fuldtidsstillinger personaleårsværk ændringårsværk ændringiårsværk endringiårsverk
        konsekvensårsværk åv personalekonsekvenserårsværk personalemæssigekonsekvenserårsværk
        antallstillinger heltidsstillinger bemandingårsværk nedgangårsverk""",
    ("is_statutory",): """skalkan kanskal skalellerkan skalellerkanopgave skalkanopgave
        lovpålagt lovbundet lovpligtig skalopgave lovpålagtoppgave""",
    ("one_off_cost_tkr",): "engangsudgift engangsudgifter engangskostnad engangsomkostning",
    ("area_total_tkr",): """områdetssamledebudget samletbudget budgetramme områdetsbudget
        samletbudsjett områdetssamledebudsjett""",
    (AMOUNT,): """beløb beløp besparelse besparelser innsparing effekt helårseffekt
        helårsvirkning helårsvirkningen årligeffekt årligbesparelse varigbesparelse provenu
        økonomi nettoeffekt sparebeløb gevinst varigeffekt""",
    (IGNORED,): """status prioritet prioritering prioriteret sortering kle konto psp side
        bilag link vedlegg lovgrundlag lovhjemmel lovgrunnlag høringsparter driftanlæg
        driftanlegg driftelleranlæg personalekonsekvenser personalemæssigekonsekvenser
        kontaktperson""",
}  # fmt: skip
_FIELDS: dict[str, tuple[str, ...]] = {
    key: meaning for meaning, keys in _MEANINGS.items() for key in keys.split()
}
_SUM = re.compile(r"\b(i ?alt|sum|total|totalt|samlet|gennemsnit|gjennomsnitt|akkumuleret)\b")
_PAST = re.compile(r"\b(regnskab|regnskap|r ?\d{2}(\d{2})?)\b")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
# "2028 (2027-priser)" is about 2028.
_PRICE_LEVELS = (
    re.compile(r"\(?\b(?:p/?l|prisniveau|prisnivå)\W*20\d\d\)?"),
    re.compile(r"\(?\b20\d\d\W*(?:p/?l|priser)\b\)?"),
)
_SHORT_YEAR = re.compile(r"(?:b|bf|bo|bu|øp|budget|budsjett) ?'?(\d\d)")
_YEAR_WORDS = re.compile(
    r"""\b(?:vedtaget|forslag|forslag\ til|budget(?:tet)?|budgetår(?:et)?|budgetforslag
    |budsjett(?:et)?|budsjettår|bf|bo|bu|b|øp|økp|økplan|økonomiplan|overslag|overslagsår|budgetoverslag|år|året
    |beløbe?t?|beløpe?t?|besparelser?|innsparing|effekt|virkning|ændring|endring|netto|nettobeløb
    |provenu|økonomi|drift|driften|i|hele|kr|kroner|nok|dkk|t|tkr|kkr|mio|mill|tusind|tusen
    |millioner|1|2|3|4|1\ ?000|priser|p|l|pl|sparer|helårs|helår)\b""",
    re.VERBOSE,
)
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("mio", re.compile(r"\b(mio|mill|millioner)\b")),
    ("tkr", re.compile(r"\b1[. ]?000\b|\bt\.? ?kr\b|\b[tk]kr\b|\btusind|\btusen|\b1000-kr")),
    ("kr", re.compile(r"\b(kr|kroner|nok|dkk)\b")),
)
_UNIT_NOTE = re.compile(
    r"""(?:\b(?:i|alle\ tal|alle\ beløb|beløb|beløp|tal|tall|enhed|enhet|valuta)\b[\ :]*(?:er\ )?
    (?:angivet\ )?(?:i\ )?(?:hele\ )?|\(\s*(?:i\ )?(?:hele\ )?|^(?:hele\ )?)
    (?P<unit>1[. ]?000(?:\ ?(?:kr|kroner|nok|dkk))?|t\.?\ ?kr|tkr|kkr|tusind|tusen
    |mio|mill|millioner|kr|kroner|nok|dkk)(?:[.\ )]|$)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: what its heading says and the field it means; `year` only for years."""

    index: int
    text: str
    field: str
    year: int | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Headings:
    """A whole heading row. Columns in `unknown` mean nothing to us, `clashing` say it twice."""

    known: tuple[Heading, ...] = ()
    ignored: tuple[Heading, ...] = ()
    unknown: tuple[Heading, ...] = ()
    clashing: tuple[tuple[Heading, Heading], ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(heading.field for heading in self.known)

    @property
    def years(self) -> tuple[Heading, ...]:
        return tuple(heading for heading in self.known if heading.field == YEAR)

    @property
    def score(self) -> int:
        """How many columns are understood; 0 when no column can be the title."""
        return len(self.known) if "title" in self.fields else 0


def headings_in(cells: Sequence[Cell]) -> Headings:
    """The meaning of each heading; a field is given to the column that names it best."""
    wanted = [(index, _flat(cell), _possible(_flat(cell))) for index, cell in enumerate(cells)]
    has_years = any(fields[0] == YEAR for _, text, fields in wanted if text)
    taken: dict[tuple[str, int | None], Heading] = {}
    ignored: list[Heading] = []
    unknown: list[Heading] = []
    clashing: list[tuple[Heading, Heading]] = []
    # Headings with one meaning choose first; the others take what is left.
    for index, text, fields in sorted(wanted, key=lambda column: len(column[2])):
        heading = _settled(index, text, fields, taken)
        key = (heading.field, heading.year)
        if not text:
            continue
        if heading.field == IGNORED or (heading.field == AMOUNT and has_years):
            ignored.append(heading)
        elif heading.field in (UNKNOWN, AMOUNT):
            unknown.append(heading)
        elif key in taken:
            clashing.append((taken[key], heading))
        else:
            taken[key] = heading
    return Headings(
        _in_order(taken.values()), _in_order(ignored), _in_order(unknown), tuple(clashing)
    )


def unit_in(text: str) -> Unit | None:
    """The unit a heading names, such as "2028 (1.000 kr.)"; None when it names none."""
    flat = _flat(text).lower()
    return next((unit for unit, pattern in _UNITS if pattern.search(flat)), None)


def unit_noted(text: str) -> Unit | None:
    """The unit a line around the table names, such as "Alle beløb i 1.000 kr."."""
    match = _UNIT_NOTE.search(_flat(text).lower())
    return unit_in(match["unit"]) if match else None


def key_of(text: str) -> str:
    """The letters and digits of a heading alone: "Forslag nr." and "FORSLAGNR" are one."""
    return "".join(char for char in text.lower() if char.isalnum())


def _flat(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(unicodedata.normalize("NFKC", str(cell)).replace("\u00ad", "").split())


def _possible(text: str) -> tuple[str, ...]:
    """The fields a heading can mean, the likeliest first."""
    for key in _keys(text):
        if key in _FIELDS:
            return _FIELDS[key]
    flat = re.sub(r"[^\w' ]+", " ", _without_price_level(text).replace("1.000", "1000"))
    if _SUM.search(flat) or _PAST.search(flat) or len(set(_YEAR.findall(flat))) > 1:
        return (IGNORED,)
    if text.strip() == "#":
        return ("code",)
    return (YEAR,) if _year(text) else (UNKNOWN,)


def _keys(text: str) -> Iterator[str]:
    without_aside = re.sub(r"\([^)]*\)?|\[[^\]]*\]?", " ", text)
    without_unit = re.sub(r"(?i)\bi? ?(1[. ]?000|t\.?|hele|mio\.?) ?kr\b\.?", " ", without_aside)
    yield key_of(text)
    yield key_of(without_aside)
    yield key_of(without_unit)
    # "Årsværk 2028" is about people, not money.
    if re.search(r"(?i)årsv[æe]rk|\bstillinger\b", text):
        yield "årsværk"


def _without_price_level(text: str) -> str:
    text = text.lower()
    for pattern in _PRICE_LEVELS:
        without = pattern.sub(" ", text)
        text = without if _YEAR.search(without) else text
    return text


def _year(text: str) -> int | None:
    text = _without_price_level(text)
    flat = " ".join(re.sub(r"[^\w' ]+", " ", text.replace("1.000", "1000")).split())
    short = _SHORT_YEAR.fullmatch(flat)
    if short:
        return 2000 + int(short[1])
    glued = re.sub(r"^(bf|bo|bu|b|øp)(?=20\d\d)", r"\1 ", flat)
    found = _YEAR.search(glued)
    if found is None or _YEAR_WORDS.sub("", _YEAR.sub("", glued)).strip(" '"):
        return None
    return int(found[1])


def _in_order(headings: Iterable[Heading]) -> tuple[Heading, ...]:
    return tuple(sorted(headings, key=lambda heading: heading.index))


def _settled(
    index: int,
    text: str,
    fields: tuple[str, ...],
    taken: dict[tuple[str, int | None], Heading],
) -> Heading:
    free = (name for name in fields if name == IGNORED or (name, None) not in taken)
    name = fields[0] if len(fields) == 1 else next(free, IGNORED)
    year = _year(text) if name == YEAR else None
    return Heading(index, text, name, year, unit_in(text))
