"""The calls under way, found by their identifier."""

from dataclasses import dataclass, field

from tools.phones.behaviour import Behaviour
from tools.phones.call_flow import CallFlow
from tools.phones.calls import Call
from tools.phones.network import Network


@dataclass(slots=True)
class Exchange:
    """Starts calls and keeps hold of them until they end."""

    network: Network
    flows: dict[str, CallFlow] = field(default_factory=dict)

    def start(self, call: Call, behaviour: Behaviour) -> None:
        """Let a call ring, in the background."""
        flow = CallFlow(self.network, call, behaviour)
        self.flows[call.sid] = flow
        self.network.background.spawn(self._run(flow), f"call {call.sid}")

    def end_orphans(self) -> None:
        """Write down as failed the calls that an earlier run has left without an end."""
        for call in list(self.network.state.calls.values()):
            if not call.is_final:
                self.network.record(
                    "call_status", phone=call.phone, sid=call.sid, to=call.to, status="failed"
                )

    async def _run(self, flow: CallFlow) -> None:
        try:
            await flow.run()
        finally:
            self.flows.pop(flow.call.sid, None)
