"""What only a demo may do is nowhere else."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from shifan.demo.actions import NotADemo, mark
from tests.conftest import NOW


def test_demo_routes_do_not_exist_outside_demo_mode():
    program = (
        "import django; django.setup()\n"
        "from tests.matrix.test_routes import names\n"
        "print(sorted(name for name in names() if name.startswith('demo')))"
    )
    env = {**os.environ, "SHIFAN_DEMO": "0", "DJANGO_SETTINGS_MODULE": "shifan.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_signing_in_as_somebody_real_is_not_possible(world):
    client = Client()

    assert client.post(reverse("demo:sign_in", args=["national_officer"])).status_code == 404
    assert "_auth_user_id" not in client.session


def test_demo_cannot_be_marked_where_people_are(world):
    with pytest.raises(NotADemo):
        mark(now=NOW)
