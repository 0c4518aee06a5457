import type { WireRequest, WireResponse } from "../message.ts";
import type { Refusal } from "../refusal.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";

/** What a request asks for. */
interface Target {
  /** The operation's name, known to the model or not. */
  readonly name: string;
  /** @throws BadInput where the request does not fit the operation's input. */
  input(operation: OperationModel): object;
}

/** How one of AWS's protocols reads requests and writes answers. */
export interface Protocol {
  target(request: WireRequest, model: ServiceModel): Target;
  output(output: object, operation: OperationModel, model: ServiceModel, requestId: string): WireResponse;
  /** `model` is undefined where the request names no service of this AWS. */
  refusal(refusal: Refusal, request: WireRequest, model: ServiceModel | undefined, requestId: string): WireResponse;
}
