import type { Service } from "../../engine/operation.ts";
import { malformedCode } from "../malformed-code.ts";
import { oncePer } from "../once-per.ts";
import { type ServiceModel, serviceModel } from "../service-model.ts";
import { checkInput } from "./check-input.ts";
import { mismatch } from "./mismatch.ts";

/**
 * Refuses what the wire would refuse, wherever the input came from: a rule's target, a schedule, a state machine's
 * task, a blueprint. The service's model is loaded with its first call; hold the clock meanwhile.
 * @throws AwsError as the service refuses it over the wire: a value of the wrong kind, a missing member, a constraint
 */
export async function checkCall(service: Service, operation: string, input: object): Promise<void> {
  const model = await modelOf(service);
  const known = model?.operations.get(operation);
  if (!model || !known) return;
  const wrong = mismatch(input, known);
  if (wrong) throw malformedCode(wrong, model.protocol);
  checkInput(input, known, model);
}

/** A stand-in for a service, as tests write it, has no SDK client, and so no model to be held to. */
const modelOf = oncePer(async (service: Service): Promise<ServiceModel | undefined> => {
  const names = Object.keys(await service.client());
  return names.some((name) => name.endsWith("Client")) ? serviceModel(service) : undefined;
});
