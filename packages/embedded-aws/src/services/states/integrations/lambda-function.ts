import type { Json } from "../asl/json.ts";
import { requestFunction } from "./lambda-request.ts";
import type { Integration } from "./task-call.ts";

/** A function's ARN as the Resource: the parameters are its event, its answer is the result. */
export const invokeFunction =
  (arn: string): Integration["call"] =>
  async (task) => {
    const Payload = Buffer.from(JSON.stringify(task.parameters));
    const { payload } = await requestFunction(task, { FunctionName: arn, Payload });
    return payload === "" ? null : (JSON.parse(payload) as Json);
  };
