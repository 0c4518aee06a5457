import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { findService } from "../../engine/find-service.ts";
import type { Principal } from "../../engine/principal.ts";

/** A call to another service. Its first use loads a module, so virtual time must wait. */
export async function callService<Output>(
  aws: EmbeddedAws,
  service: string,
  operation: string,
  input: object,
  caller: { readonly principal: Principal; readonly region: string },
): Promise<Output> {
  await aws.clock.hold(findService(aws, service));
  return aws.call<Output>(service, operation, input, caller);
}
