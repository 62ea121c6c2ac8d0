"""The names of months and weekdays, in the languages that sources write dates in."""

import re


def _number(start: int, *languages: str) -> dict[str, int]:
    """Return name → number, for the names of each language in order; “_” is a space."""
    return {
        name.replace("_", " "): number
        for names in languages
        for number, name in enumerate(names.split(), start)
    }


MONTHS = _number(
    1,
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    "eanáir feabhra márta aibreán bealtaine meitheamh iúil lúnasa meán_fómhair deireadh_fómhair"
    " samhain nollaig",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jän feb mär apr mai jun jul aug sept okt nov dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago set oct nov dic",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
) | {"mrz": 3, "mrt": 3}
WEEKDAYS = _number(
    0,
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "mon tues weds thurs fri sat sun",
    "mon tue wed thur fri sat sun",
    "llun mawrth mercher iau gwener sadwrn sul",
    "luan máirt céadaoin déardaoin aoine satharn domhnach",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lun mar mer jeu ven sam dim",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
)


def _match_any(names: dict[str, int]) -> str:
    """Return a pattern of the names, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


ANY_MONTH, ANY_WEEKDAY = _match_any(MONTHS), _match_any(WEEKDAYS)
