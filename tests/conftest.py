"""For all tests: the process sandbox may be tried as root, since what is run here is our own."""

from __future__ import annotations

import os

os.environ.setdefault("COURSE_PROCESS_AS_ROOT", "1")
