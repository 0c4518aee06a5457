import { putEvent } from "../adapters/bus.ts";
import { readEvidence, recordGate } from "../adapters/ledger/evidence.ts";
import { decideGate } from "../core/decide-gate.ts";
import { planPromotion } from "../core/plan-promotion.ts";
import { requireImage } from "../core/require-image.ts";
import { gatePassed, gateRejected } from "../events/gate-decided.ts";
import { lambda } from "./lib/lambda.ts";
import { promotionInput } from "./lib/promotion-input.ts";

export const handler = lambda({
  input: promotionInput,
  clients: () => ({}),
  async run({ image, build }, { settings, ledger, bus, now }) {
    const config = requireImage(settings.factory, image);
    const { verdict, reasons } = decideGate(await readEvidence(ledger, build), config.gate);
    await recordGate(ledger, build, { verdict, reasons, decidedAt: now.toISOString() });
    await putEvent(bus, verdict === "passed" ? gatePassed : gateRejected, { image, build, reasons });
    return { verdict, reasons, ...planPromotion(settings.factory, config) };
  },
});
