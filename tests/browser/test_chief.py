"""A comms chief sets a dialogue up, is refused by the gate, mends it all, and opens it."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from dialog.core import clock
from tests.browser.conftest import Street
from tests.browser.town import CHIEF, Town

TODAY = clock.local(clock.now()).date()
PHASES = (
    "Før dialogen åbner",
    "Mens dialogen er åben",
    "Omkring borgermøderne",
    "Når byrådet beslutter",
    "Efter beslutningen",
)


def test_a_budget_dialogue_opens_once_the_five_rules_are_kept(street: Street, town: Town) -> None:
    page, visitor = street.open(CHIEF), street.open()
    begin(page, "Budget 2031", "Budget")
    the_gate_refuses(page, "budget-2031")
    assert visitor.request.get("/consultations/budget-2031/rules").status == 404

    plan_the_course(page, "budget-2031")
    write_the_basis(page)
    plan_the_strategy(page, "budget-2031")
    put_a_proposal(page, "budget-2031")
    call_a_meeting(page, "budget-2031")
    start_the_threads(page, "budget-2031")
    before = the_public_page(page, "budget-2031")

    page.goto("/set-up/budget-2031/gate")
    expect(page.get_by_text("Ja. Alle fem råd er på plads.")).to_be_visible()
    page.get_by_role("button", name="Åbn dialogen").click()
    expect(page.get_by_text("Dialogen er åben.")).to_be_visible()

    assert the_public_page(visitor, "budget-2031") == before == ["kept"] * 5
    visitor.goto("/")
    expect(visitor.get_by_role("link", name="Budget 2031").first).to_be_visible()
    visitor.goto("/consultations/budget-2031/threads")
    visitor.get_by_role("link", name="Skal klubben lukke om fredagen?").click()
    expect(visitor.get_by_role("link", name="Stil et spørgsmål")).to_be_visible()


def test_a_school_dialogue_asks_for_its_own_things(street: Street, town: Town) -> None:
    page = street.open(CHIEF)
    begin(page, "Skoler i Vest", "Skolestruktur")
    page.get_by_label("Forslagene kan betyde, at en skole lukker").check()
    fill(page, {"Byrådet beslutter": day(70), "Dialogen åbner": day(1), "Dag": day(60)})
    page.get_by_role("button", name="Gem forløbet").click()
    page.goto("/set-up/skoler-i-vest/gate")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Der står ikke, hvilket spørgsmål vi stiller.")
    expect(main).to_contain_text("så der er tid til at læse indsigelserne.")
    page.goto("/set-up/skoler-i-vest/schools")
    fill(page, {"Skolens navn": "Vester Skole", "Elever i dag": "140", "Plads til": "200"})
    fill(page, {"Elever ifølge prognosen": "122", "Prognosens år": str(TODAY.year + 4)})
    fill(page, {"Elever i en klasse i gennemsnit": "17,5"})
    page.get_by_role("button", name="Tilføj skolen").click()
    expect(page.get_by_role("row", name=re.compile("Vester Skole"))).to_contain_text("17,5")


def test_a_thread_is_given_its_proposals_and_its_politicians(street: Street, town: Town) -> None:
    page = street.open(CHIEF)
    page.goto("/set-up/ny-skolestruktur/threads/new")
    fill(page, {"Overskrift": "Hvordan kommer børnene i skole?"})
    page.get_by_label(re.compile("SK-C")).check()
    page.get_by_label(re.compile("Anders Toft")).check()
    page.get_by_role("button", name="Gem tråden").click()
    page.goto(town.thread("Hvordan kommer børnene i skole?"))
    head = page.get_by_role("main")
    expect(head.get_by_role("link", name=re.compile("Læs hele forslaget"))).to_be_visible()
    expect(page.get_by_role("region", name="De skal svare")).to_contain_text("Anders Toft")


def begin(page: Page, title: str, kind: str) -> None:
    page.goto("/set-up")
    page.get_by_role("link", name="Opret en dialog").first.click()
    fill(page, {"Hvad hedder dialogen?": title})
    page.get_by_label(kind, exact=True).check()
    page.get_by_role("button", name="Opret dialogen").click()
    expect(page.get_by_role("heading", name="Forløbet", level=1)).to_be_visible()


def the_gate_refuses(page: Page, slug: str) -> None:
    """Every rule says what is missing, and each thing leads to the page that mends it."""
    page.goto(f"/set-up/{slug}/gate")
    page.get_by_role("button", name="Åbn dialogen").click()
    expect(page.get_by_text("Dialogen kan ikke åbne endnu.")).to_be_visible()
    rules = page.locator(".progress__item")
    expect(rules).to_have_count(5)
    for rule in rules.all():
        assert rule.locator(".progress__todo a").count(), rule.inner_text()
    links = page.locator(".progress__todo a").all()
    for address in {str(link.get_attribute("href")) for link in links}:
        assert address.startswith(f"/set-up/{slug}"), address
        assert page.request.get(address).ok, address
    assert verdicts(page) == the_public_page(page, slug)


def the_public_page(page: Page, slug: str) -> list[str]:
    page.goto(f"/consultations/{slug}/rules")
    return verdicts(page)


def verdicts(page: Page) -> list[str]:
    """What each of the five rules is marked with."""
    marks = page.locator(":is(.progress__item, .rule) .tick").evaluate_all(
        "all => all.map((one) => one.className)"
    )
    return [mark.partition("tick--")[2] or "kept" for mark in marks]


def plan_the_course(page: Page, slug: str) -> None:
    page.goto(f"/set-up/{slug}")
    fill(page, {"Byrådet beslutter": day(150), "1. behandling i byrådet": day(120)})
    fill(page, {"Dialogen åbner": day(0), "Dag": day(130), "Klokken": "12:00"})
    page.get_by_role("button", name="Gem forløbet").click()
    page.get_by_role("link", name="Gå videre til grundlaget").click()


def write_the_basis(page: Page) -> None:
    fill(
        page,
        {
            "Kort og i hverdagssprog": "Der mangler 12 mio. kr. i 2031.",
            "Hvor meget skal findes?": "12",
            "I hvilket budgetår?": "2031",
            "Hvem beslutter?": "Byrådet",
            "Det er besluttet": "Skatten stiger ikke.",
            "Det er åbent": "Hvilke forslag vi vælger.",
            "Det kan ikke lade sig gøre": "At låne til daglig drift.",
            "Sådan bruger vi det, I skriver": "Byrådet læser det før 1. behandling.",
        },
    )
    page.get_by_role("button", name="Gem grundlaget").click()
    fill(page, {"Hvad hedder kilden?": "Budgetoversigt 2031"})
    page.get_by_role("button", name="Tilføj kilden").click()
    expect(page.get_by_role("heading", name="Budgetoversigt 2031")).to_be_visible()


def plan_the_strategy(page: Page, slug: str) -> None:
    page.goto(f"/set-up/{slug}/strategy")
    fill(page, {"Hvad vil I opnå?": "At flere tager del.", "Hvem skal være med?": "Forældre"})
    fill(page, {"Hvem har ansvaret for planen?": "Line Østerby"})
    page.get_by_role("button", name="Gem", exact=True).click()
    for number, phase in enumerate(PHASES):
        page.get_by_role("link", name=re.compile(f"Tilføj en aktivitet.*{phase}")).click()
        fill(page, {"Hvad skal der ske?": f"Opslag {number}", "Hvilken dag?": day(40 * number)})
        fill(page, {"Hvor når I folk?": "Aula", "Hvem gør det?": "Line Østerby"})
        page.get_by_role("button", name="Gem aktiviteten").click()
    for number, name in enumerate(("Deltagere", "Indlæg", "Svar i tide")):
        page.get_by_role("link", name="Tilføj et mål").click()
        fill(page, {"Hvad måler I?": name, "Hvor meget vil I nå?": str(100 + number)})
        page.get_by_role("button", name="Gem målet").click()
    expect(page.get_by_role("link", name="Svar i tide")).to_be_visible()


def put_a_proposal(page: Page, slug: str) -> None:
    page.goto(f"/set-up/{slug}/proposals")
    page.get_by_role("link", name="Skriv et forslag").click()
    fill(page, {"Titel": "Skal klubben lukke om fredagen?", "Nummer": "BS-01"})
    page.get_by_label("Udvalg", exact=True).select_option(label="Børne- og Skoleudvalget")
    fill(page, {"Hvad mærker borgerne?": "Klubben er lukket om fredagen."})
    fill(page, {"2031": "-3,6 mio. kr."})
    page.get_by_role("button", name="Gem forslaget").click()
    expect(page.get_by_role("row", name=re.compile("BS-01"))).to_contain_text("I orden")


def call_a_meeting(page: Page, slug: str) -> None:
    page.goto(f"/set-up/{slug}/meetings")
    page.get_by_role("link", name="Planlæg et møde").first.click()
    fill(page, {"Hvad skal mødet handle om?": "Klubber", "Dag": day(60)})
    fill(page, {"Begynder klokken": "19:00", "Slutter klokken": "21:00"})
    fill(page, {"Sted": "Klubben", "Adresse": "Havnevej 1, Fjordby"})
    fill(page, {"Hvem leder mødet?": "Anders Toft", "Hvem skriver referat?": "Morten Krag"})
    page.get_by_role("button", name="Gem mødet").click()


def start_the_threads(page: Page, slug: str) -> None:
    page.goto(f"/set-up/{slug}/threads")
    page.get_by_role("button", name="Lav en tråd for hvert forslag").click()
    expect(page.get_by_role("link", name="Skal klubben lukke om fredagen?")).to_be_visible()


def fill(page: Page, values: dict[str, str]) -> None:
    """Fills the fields with these labels."""
    for label, value in values.items():
        exact = page.get_by_label(label, exact=True)
        (exact if exact.count() else page.get_by_label(label)).fill(value)


def day(after: int) -> str:
    """The day so many days from now, as a date field takes it."""
    return (TODAY + timedelta(days=after)).isoformat()
