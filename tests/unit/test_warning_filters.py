"""A warning of a snapshot plug-in, raised while it reports, would take the names of what failed with it."""

import warnings

import pytest
from _pytest.config import apply_warning_filters


@pytest.mark.parametrize("module", ["pytest_textual_snapshot", "syrupy.session"])
def test_a_plug_in_that_python_deprecates_a_call_of_reports_all_the_same(
    pytestconfig: pytest.Config, module: str
) -> None:
    with warnings.catch_warnings():
        apply_warning_filters(pytestconfig.getini("filterwarnings"), [])
        words = "datetime.datetime.utcnow() is deprecated and scheduled for removal"
        warnings.warn_explicit(words, DeprecationWarning, f"{module}.py", 1, module=module)
        with pytest.raises(DeprecationWarning):
            warnings.warn_explicit(words, DeprecationWarning, "ours.py", 1, module="userdesk.cli")
