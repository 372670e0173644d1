"""Settings of the training history."""

from dataclasses import dataclass

from core.config import setting


@dataclass(frozen=True)
class TrainingSettings:
    """What the training history reads from the environment."""

    certificate_tries: int = setting(
        "LUMBUNG_CERTIFICATE_TRIES", "Certificate codes looked up per address in 15 minutes", 60
    )
    enrol_tries: int = setting(
        "LUMBUNG_ENROL_TRIES", "Phone numbers a facilitator may look up in 15 minutes", 60
    )
    car_wishes: int = setting(
        "LUMBUNG_CAR_WISHES", "How often one person may ask the training car to come, a day", 3
    )
    credential_secret: str = setting(
        "LUMBUNG_CREDENTIAL_SECRET",
        "What providers' signing keys are made from; SECRET_KEY where empty",
        "",
    )
    credential_secrets_before: str = setting(
        "LUMBUNG_CREDENTIAL_SECRETS_BEFORE",
        "Former ones, apart by blanks; status lists of old credentials need them",
        "",
    )
