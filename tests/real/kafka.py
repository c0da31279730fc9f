"""A real Apache Kafka broker (KRaft, one node) for tests, from the jars in .tools/kafka/jars."""

from __future__ import annotations

import base64
import shutil
import signal
import subprocess
import time
import uuid
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.real.parts import KAFKA_JARS
from tests.real.processes import ServerProcess, accepts, free_port

_LOG4J = Path(__file__).with_name("kafka") / "log4j2.properties"

# Small and quick: one node, few internal partitions, a log cleaner that looks twice a second (so a
# test sees compaction happen), sessions short enough for a test to watch a consumer being missed.
# A broker killed and back is let in only when its earlier session has run out: two seconds, not 9.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
num.partitions=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=250
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
log.initial.task.delay.ms=500
log.retention.check.interval.ms=1000
log.cleaner.backoff.ms=500
log.cleaner.min.cleanable.ratio=0.01
log.cleaner.dedupe.buffer.size=16777216
log.segment.delete.delay.ms=1000
"""


class KafkaBroker:
    """A broker with its own ports, whose data in `folder` outlives stop and kill."""

    def __init__(self, folder: Path) -> None:
        """Prepares the ports; nothing runs before `start`."""
        self.folder = folder
        self.port = free_port()
        self._controller_port = free_port()
        self._process: ServerProcess | None = None

    @property
    def bootstrap(self) -> str:
        """The address for clients, the same after every start."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        return self._running().pid

    def start(self, *, timeout: float = 60.0) -> None:
        """Starts the broker on its data and returns when it answers clients."""
        if self._process is not None:
            raise RuntimeError("the broker runs already")
        self.folder.mkdir(parents=True, exist_ok=True)
        properties = self._format()
        self._process = ServerProcess(
            [*_java(), "-Xms256m", "-Xmx512m", "kafka.Kafka", str(properties)],
            log=self.folder / "broker.log",
        )
        self._wait(timeout)

    def stop(self) -> None:
        """Asks the broker to leave (SIGTERM) and waits until it has."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the broker at once (SIGKILL), with no chance to tidy up."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stops the broker if it runs and deletes its data."""
        if self._process is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._running(), None
        process.end(number)

    def _running(self) -> ServerProcess:
        if self._process is None:
            raise RuntimeError("the broker does not run")
        return self._process

    def _format(self) -> Path:
        """Writes the settings and, the first time, lays out the data folder."""
        data = self.folder / "data"
        properties = self.folder / "server.properties"
        properties.write_text(
            _PROPERTIES.format(port=self.port, controller_port=self._controller_port, data=data)
        )
        if not (data / "meta.properties").exists():
            cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            # In one word: an id may begin with a dash.
            options = ["format", "--standalone", f"--cluster-id={cluster}", "-c", str(properties)]
            done = subprocess.run(
                [*_java(), "kafka.tools.StorageTool", *options],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise RuntimeError(f"the broker's folder was not formatted:\n{done.stderr}")
        return properties

    def _wait(self, timeout: float) -> None:
        process = self._running()
        deadline = time.monotonic() + timeout
        while not self._answers():
            if not process.running or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the broker did not come up:\n{process.tail()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        """Whether a client is told of a broker that takes part in the cluster."""
        if not accepts(self.port):
            # The client waits ever longer between its tries, up to 30 s: knock before it does.
            return False
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=self.bootstrap,
                request_timeout_ms=2000,
                bootstrap_timeout_ms=2000,
                reconnect_backoff_max_ms=100,
            )
        except KafkaError:
            return False
        try:
            return bool(admin.describe_cluster()["brokers"])
        except KafkaError:
            return False
        finally:
            admin.close()


def _java() -> list[str]:
    """The start of every call: quick compiler, few helper threads, own logging."""
    return [
        "java",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        f"-Dlog4j2.configurationFile=file:{_LOG4J}",
        "-cp",
        f"{KAFKA_JARS}/*",
    ]
