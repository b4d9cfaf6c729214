"""``shifan accounts …``: accounts and roles, for the operator."""

from __future__ import annotations

import typer

from shifan.cli.django import database

accounts = typer.Typer(help="Accounts and their roles.", no_args_is_help=True)


@accounts.command("create")
def create(
    username: str,
    name: str = typer.Option("", help="What colleagues see."),
    password: str = typer.Option(..., prompt=True, confirmation_prompt=True, hide_input=True),
) -> None:
    """Create an account; it may do nothing until a role is granted."""
    with database():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError
        from django.db import IntegrityError
        from django.utils import timezone

        from shifan.accounts import actions

        try:
            validate_password(password)
            actions.create(username=username, name=name, password=password, now=timezone.now())
        except ValidationError as error:
            typer.echo(" ".join(error.messages), err=True)
            raise typer.Exit(1) from error
        except IntegrityError as error:
            typer.echo(f"There is an account {username} already.", err=True)
            raise typer.Exit(1) from error
    print(f"Account {username} created.")


@accounts.command("password")
def password(
    username: str,
    password: str = typer.Option(..., prompt=True, confirmation_prompt=True, hide_input=True),
) -> None:
    """Set a forgotten password anew."""
    with database():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ObjectDoesNotExist, ValidationError
        from django.utils import timezone

        from shifan.accounts import actions

        try:
            validate_password(password)
            actions.set_password(username=username, password=password, now=timezone.now())
        except ValidationError as error:
            typer.echo(" ".join(error.messages), err=True)
            raise typer.Exit(1) from error
        except ObjectDoesNotExist as error:
            typer.echo(f"There is no account {username}.", err=True)
            raise typer.Exit(1) from error
    print(f"The password of {username} is set.")


@accounts.command("grant")
def grant(
    username: str,
    role: str = typer.Option(..., help="lead, clerk, contributor; reviewer, approver, officer, "
                             "auditor."),
    unit: str = typer.Option("", help="Id of the unit, for a unit's own people."),
    department: str = typer.Option("", help="Department of the unit, for a contributor."),
    programme: str = typer.Option("", help="Whose office, where several are published."),
    tier: str = typer.Option("", help="Tier of the office, e.g. provincial."),
    area: str = typer.Option("", help="Code of the division the office answers for; 0: country."),
) -> None:  # fmt: skip
    """Grant a role in a unit, or in the office of a tier for an area."""
    with database():
        from django.utils import timezone

        from shifan.people import actions

        actions.grant(
            username=username, role=role, unit_id=unit or None, department=department,
            programme=programme, tier=tier, area_code=area or None, now=timezone.now(),
        )  # fmt: skip
    print(f"{username} is now {role}.")
