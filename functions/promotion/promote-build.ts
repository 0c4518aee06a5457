import * as z from "zod";
import { buildArn } from "../../events/ids.ts";
import { lambda } from "../lambda.ts";
import { iamRequest } from "../url-request.ts";
import { promoteAgain } from "./promote-again.ts";
import { requestUrgent } from "./promote-urgently.ts";

const input = z.strictObject({
  image: z.string().min(1),
  build: buildArn,
  by: z.string().min(1),
  reason: z.string().min(1).max(500),
});

/** Through the function URL, requests for an urgent promotion, signed by IAM principals. */
export const handler = lambda({
  input: z.union([iamRequest, input]),
  env: ["PROMOTION_ARN"],
  run: async (event, invocation) =>
    "requestContext" in event ? requestUrgent(event, invocation) : promoteAgain(event, invocation),
});
