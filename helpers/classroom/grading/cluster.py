"""Run and judge on the machines of a Dask cluster.

The idea: a cluster is one more executor, and all that matters about it is whether it may have a class's work. What
travels are notebooks, exercises' inputs and verdicts, so a connection that others could read or write to is refused
before a byte is sent: TLS, or nothing but this machine. What cannot be reached is told in one sentence.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PLAIN, ENCRYPTED = "tcp", "tls"
CONNECT_SECONDS = 10.0
FORM = "tcp://127.0.0.1:8786 on this machine, or tls://name:8786"


class ClusterError(Exception):
    """A cluster cannot be used; says which, why, and what to do."""


@dataclass(frozen=True)
class Address:
    """Where a scheduler listens.

    Parameters
    ----------
    protocol : str
        "tcp" or "tls".
    host : str
    port : int
    """

    protocol: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}://{host}:{self.port}"


@dataclass(frozen=True)
class Cluster:
    """A cluster that may be used.

    Parameters
    ----------
    executor : Executor
    n_threads : int
        Parts of the work that run at one time.
    """

    executor: Executor
    n_threads: int


def address_of(text: str) -> Address:
    """Read the address of a scheduler, and refuse one to which the way is open to others.

    Parameters
    ----------
    text : str
        Such as "tcp://127.0.0.1:8786" or "tls://grading.example.org:8786".

    Returns
    -------
    Address

    Raises
    ------
    ClusterError
        If it is no address, or neither TLS nor this machine.

    Examples
    --------
    >>> str(address_of("tcp://localhost:8786"))
    'tcp://localhost:8786'
    """
    try:
        parts = urlsplit(text)
        address = Address(parts.scheme, parts.hostname or "", parts.port or 0)
        rest = (parts.path, parts.query, parts.fragment, parts.username, parts.password)
    except ValueError:
        raise ClusterError(f"{text!r} is no address of a scheduler. Give {FORM}.") from None
    if address.protocol not in (PLAIN, ENCRYPTED) or not address.host or not address.port or any(rest):
        raise ClusterError(f"{text!r} is no address of a scheduler. Give {FORM}.")
    if address.protocol == PLAIN and not is_loopback(address.host):
        raise ClusterError(
            f"The scheduler {address} is on another machine and has no TLS: others could read and change what a class "
            f"hands in. Start it with TLS and give tls://{address.host}:{address.port}."
        )
    return address


def is_loopback(host: str) -> bool:
    """Whether a name or number is this machine's own, without asking anybody.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("192.0.2.1"), is_loopback("grader")
    (True, True, False, False)
    """
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def connected(text: str) -> Iterator[Cluster]:
    """Use a cluster until the block ends.

    Parameters
    ----------
    text : str
        Address of its scheduler.

    Yields
    ------
    Cluster

    Raises
    ------
    ClusterError
        If it cannot or may not be used, or is lost.
    """
    address = address_of(text)
    distributed = _library()
    security = _security(distributed, address)
    _knock(address)
    client = _client(distributed, address, security)
    try:
        n_threads = _capacity(client, address)
        with client.get_executor() as executor:
            yield Cluster(executor, n_threads)
    except (distributed.KilledWorker, distributed.comm.CommClosedError) as error:
        raise ClusterError(
            f"The cluster of {address} was lost ({type(error).__name__}). What was graded is kept: "
            "run the same command again to go on."
        ) from error
    finally:
        client.close(timeout=CONNECT_SECONDS)


def _library() -> Any:
    try:
        import distributed
    except ImportError:
        raise ClusterError(
            "Dask is not installed, and --scheduler needs it: pip install 'assurance-course[cluster]'."
        ) from None
    return distributed


def _security(distributed: Any, address: Address) -> Any:
    """Certificates for TLS, from Dask's own configuration."""
    if address.protocol == PLAIN:
        return None
    security = distributed.Security(require_encryption=True)
    try:
        context = security.get_connection_args("client").get("ssl_context")
    except (OSError, ValueError) as error:
        raise ClusterError(f"The certificates for {address} cannot be read: {error}.") from error
    if context is None:
        raise ClusterError(
            f"There are no certificates for {address}. Name them in Dask's configuration: "
            "distributed.comm.tls.ca-file, and under client: cert and key."
        )
    return security


def _knock(address: Address) -> None:
    try:
        socket.create_connection((address.host, address.port), CONNECT_SECONDS).close()
    except OSError as error:
        reason = error.strerror or "no answer in time"
        raise ClusterError(
            f"No scheduler answers at {address} ({reason}). Is it running? Start one with: dask scheduler."
        ) from None


def _client(distributed: Any, address: Address, security: Any) -> Any:
    try:
        _greet(distributed, address, security)
        return distributed.Client(
            str(address), security=security, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except Exception as error:
        raise ClusterError(
            f"What answers at {address} is no Dask scheduler that takes us ({type(error).__name__})."
        ) from error


def _greet(distributed: Any, address: Address, security: Any) -> None:
    """Ask what is there, and wait for an answer only so long: a client would wait for ever."""

    async def kind() -> str:
        arguments = (security or distributed.Security()).get_connection_args("client")
        async with distributed.rpc(str(address), connection_args=arguments) as there:
            return str((await there.identity()).get("type"))

    async def in_time() -> str:
        return await asyncio.wait_for(kind(), CONNECT_SECONDS)

    with ThreadPoolExecutor(1) as thread:
        if thread.submit(lambda: asyncio.run(in_time())).result() != "Scheduler":
            raise ValueError("not a scheduler")


def _capacity(client: Any, address: Address) -> int:
    """Threads of all workers, if there are any and the way to them is as safe as the way to the scheduler."""
    workers: Mapping[str, int] = client.nthreads()
    if not workers:
        raise ClusterError(f"The scheduler {address} has no workers. Start some with: dask worker {address}.")
    for worker in workers:
        parts = urlsplit(worker)
        if parts.scheme != ENCRYPTED and not is_loopback(parts.hostname or ""):
            raise ClusterError(
                f"The worker {worker} of the scheduler {address} is on another machine and has no TLS. "
                "Start scheduler and workers with TLS."
            )
    return sum(workers.values())
