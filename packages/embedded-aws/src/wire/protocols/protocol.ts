import type { WireRequest, WireResponse } from "../message.ts";
import type { Refusal } from "../refusal.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";

/** The operation of a request. */
interface Target {
  /** The operation's name, whether or not the model has it. */
  readonly name: string;
  /** @throws BadInput if the request does not fit the operation's input */
  input(operation: OperationModel): object;
}

/** How one of AWS's protocols reads requests and writes responses. */
export interface Protocol {
  target(request: WireRequest, model: ServiceModel): Target;
  output(output: object, operation: OperationModel, model: ServiceModel, requestId: string): WireResponse;
  /** `model` is undefined if the request names no service of this AWS. */
  refusal(refusal: Refusal, request: WireRequest, model: ServiceModel | undefined, requestId: string): WireResponse;
}
