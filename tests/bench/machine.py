"""What the figures were measured on."""

import os
import platform
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory, versions and the date."""
    return {
        "processor": _processor_name(),
        "cores": os.cpu_count(),
        "memory_mb": round(psutil.virtual_memory().total / 1e6),
        "system": platform.platform(),
        "python": platform.python_version(),
        "tensorflow": version("tensorflow"),
        "keras": version("keras"),
        "numpy": version("numpy"),
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "load_before": round(psutil.getloadavg()[0], 2),
    }


def _processor_name() -> str:
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
