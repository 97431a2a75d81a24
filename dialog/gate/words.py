"""What the five rules are called."""

from flask_babel import lazy_gettext as _l

TITLES = {
    "start_early": _l("Start tidligt i processen"),
    "strategy": _l("Hav en plan for hele forløbet"),
    "basis": _l("Sig klart, hvad dialogen bygger på"),
    "oral": _l("Mødes også ansigt til ansigt"),
    "threads": _l("Vælg en teknik, hvor man kan se trådene"),
}
SHORT = {
    "start_early": _l("Tidligt i gang"),
    "strategy": _l("Plan for hele forløbet"),
    "basis": _l("Klart grundlag"),
    "oral": _l("Også ansigt til ansigt"),
    "threads": _l("Synlige tråde"),
}
PROMISES = {
    "start_early": _l("Dialogen skal begynde, mens alt stadig kan ændres."),
    "strategy": _l("Du skal kunne se, hvad der sker hvornår, også efter at byrådet har besluttet."),
    "basis": _l("Behovet, forslagene og tallene skal ligge fast og kunne læses af alle."),
    "oral": _l("Alle tråde skal kunne tages op på et møde, hvor politikerne er til stede."),
    "threads": _l("Du skal altid kunne se, hvem der svarer hvem, og hvad der mangler et svar."),
}
ROLES = {
    "comms_chief": _l("kommunikationschefen"),
    "admin": _l("administratoren"),
}
