"""Where backups go and how many are kept."""

from dataclasses import dataclass
from pathlib import Path

from core.config import setting
from core.postgres import default_folder


@dataclass(frozen=True)
class BackupSettings:
    """What backups read from the environment."""

    enabled: bool = setting(
        "LUMBUNG_BACKUPS", "Back up by night and keep the log of our own PostgreSQL", True
    )
    folder: str = setting(
        "LUMBUNG_BACKUP_FOLDER",
        "Where backups go, best on another disk; empty: `backups` beside our own PostgreSQL",
        "",
    )
    nights: int = setting(
        "LUMBUNG_BACKUP_NIGHTS", "How many base backups, dumps and copies of photos are kept", 7
    )
    log_days: int = setting(
        "LUMBUNG_BACKUP_LOG_DAYS", "How many days back any second can be restored", 7
    )

    @property
    def path(self) -> Path:
        """The folder of backups."""
        return Path(self.folder).resolve() if self.folder else default_folder() / "backups"
