"""Accounts kept at the command line: added, listed, revoked, reset. Each change is written down."""

from __future__ import annotations

from peelian.domain.actor import ANY
from peelian.domain.errors import Misuse
from peelian.govern.passwords import first_password, hash_password
from peelian.govern.roles import PURPOSES_OF, ROLES, TITLES
from peelian.pipeline.context import Context
from peelian.store import accounts
from peelian.store.accounts import Account
from peelian.store.agreements import get_agreement
from peelian.store.catalogue import reading, transaction


def add(ctx: Context, one: Account) -> str:
    """Add an account; give its first password, to be changed at the first sign-in.

    Raises:
        Misuse: the id, role, reach or a purpose is unfit, or the id is taken.
        NotFound: it names an agreement that there is not.
    """
    ctx.allow("alteration", "accounts")
    check_reach(one)
    password = first_password()
    with transaction(ctx.ws) as conn:
        for agreement in set(one.agreements) - {ANY}:
            get_agreement(conn, agreement)
        accounts.add_account(conn, one, password=hash_password(password))
        ctx.record(conn, "alteration", f"account {one.id} added as {one.role}")
    return password


def listed(ctx: Context) -> list[Account]:
    """List the accounts."""
    ctx.consult("consultation", "accounts")
    with reading(ctx.ws) as conn:
        return accounts.list_accounts(conn)


def revoke(ctx: Context, id_: str) -> None:
    """Let an account in no more, from its next request on.

    Raises:
        NotFound: there is none.
    """
    ctx.allow("alteration", "accounts")
    with transaction(ctx.ws) as conn:
        accounts.revoke(conn, id_)
        ctx.record(conn, "alteration", f"account {id_} revoked")


def reset(ctx: Context, id_: str) -> str:
    """Give an account a new first password; its second factors, sessions and lock are gone.

    Raises:
        NotFound: there is none.
        Misuse: it signs in by a provider.
    """
    ctx.allow("alteration", "accounts")
    password = first_password()
    with transaction(ctx.ws) as conn:
        if accounts.get_account(conn, id_).origin != accounts.LOCAL:
            raise Misuse("this account signs in by a provider", do="change it there")
        accounts.reset(conn, id_, hash_password(password))
        ctx.record(conn, "alteration", f"account {id_} reset")
    return password


def check_reach(one: Account) -> None:
    """Look whether role and reach go together.

    Raises:
        Misuse: they do not.
    """
    role = next((role for role in ROLES if role == one.role and role != "public"), None)
    if role is None:
        choices = "; ".join(f"{name} ({TITLES[name]})" for name in ROLES if name != "public")
        raise Misuse(f"there is no role {one.role!r}", expected=choices)
    if not one.force:
        raise Misuse("the account has no force", expected="--force CODE, or --force '*' for every force")
    if role == "partner" and not one.agency:
        raise Misuse("a partner has an agency", expected="--agency, as the agreements name it")
    beyond = set(one.purposes) - {ANY} - PURPOSES_OF[role]
    if beyond:
        raise Misuse(
            f"the role {role} may not act for {', '.join(sorted(beyond))}",
            expected=", ".join(sorted(PURPOSES_OF[role])),
        )
