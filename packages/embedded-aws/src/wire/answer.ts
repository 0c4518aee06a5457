import { credentialsOf } from "../authorization/credentials.ts";
import { httpDate } from "../engine/clock/clock.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { findService } from "../engine/find-service.ts";
import { AwsError } from "../engine/operation.ts";
import { chooseProtocol, guessProtocol, PROTOCOL } from "./choose-protocol.ts";
import { BadInput, type WireRequest, type WireResponse } from "./message.ts";
import { malformedCode, toRefusal } from "./refusal.ts";
import { credentialScope, serviceOf, tellOfRefusedRequest } from "./refused-requests.ts";
import { type ProtocolName, type ServiceModel, serviceModel } from "./service-model.ts";

/** Operations that wait until time passes: if they held the clock, it would never advance. */
const WAITING: ReadonlySet<string> = new Set(["lambda:Invoke", "sqs:ReceiveMessage", "states:StartSyncExecution"]);

/** Answers one request in its own protocol. Never rejects. */
export async function answer(aws: EmbeddedAws, request: WireRequest): Promise<WireResponse> {
  const requestId = aws.uuid();
  const response = await respond(aws, request, requestId);
  return { ...response, headers: { ...answerHeaders(aws, requestId), ...response.headers } };
}

async function respond(aws: EmbeddedAws, request: WireRequest, requestId: string): Promise<WireResponse> {
  let protocol = guessProtocol(request);
  let model: ServiceModel | undefined;
  let named: string | undefined;
  let called = false;
  try {
    const scope = credentialScope(request);
    if (!scope)
      throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", { status: 403 });
    refuseExpiredUrl(request, aws.clock.now());
    const service = await aws.clock.hold(findService(aws, scope.service));
    if (!service) throw notBuilt(scope.service);
    model = await aws.clock.hold(serviceModel(service));
    protocol = chooseProtocol(request, model);
    const principal = credentialsOf(aws).principal(scope.accessKeyId, scope.sessionToken);
    const target = PROTOCOL[protocol].target(request, model);
    named = target.name;
    const operation = model.operations.get(target.name);
    if (!operation || !service.operations[target.name]) throw notBuilt(`${scope.service}:${target.name}`);
    const input = target.input(operation);
    called = true;
    const work = aws.call<object | undefined>(scope.service, target.name, input, { principal, region: scope.region });
    const output = await whileCarriedOut(aws, scope.service, target.name, work);
    return PROTOCOL[protocol].output(output ?? {}, operation, model, requestId);
  } catch (error) {
    return refuse(aws, error, { request, model, protocol, operation: named, called, requestId });
  }
}

/** Holds the clock while an operation runs, unless it waits for time to pass. */
export const whileCarriedOut = <T>(
  aws: EmbeddedAws,
  service: string,
  operation: string,
  work: Promise<T>,
): Promise<T> => (WAITING.has(`${service}:${operation}`) ? work : aws.clock.hold(work));

interface Refused {
  readonly request: WireRequest;
  /** Undefined if the request names no service. */
  readonly model: ServiceModel | undefined;
  readonly protocol: ProtocolName;
  /** Undefined if the request names no known operation. */
  readonly operation: string | undefined;
  /** Whether the operation was called; earlier failures are reported to the observers of requests. */
  readonly called: boolean;
  readonly requestId: string;
}

/** The response for an error, in the protocol's form. */
export function refuse(aws: EmbeddedAws, error: unknown, refused: Refused): WireResponse {
  const { request, model, protocol, operation, called, requestId } = refused;
  const cause = error instanceof BadInput ? malformedCode(error, protocol) : error;
  const refusal = toRefusal(cause, model, protocol);
  if (!called) tellOfRefusedRequest(aws, request, operation, refusal);
  return PROTOCOL[protocol].refusal(refusal, request, model, requestId);
}

/** Refuses a request without reading its body. */
export function refuseUnread(aws: EmbeddedAws, request: WireRequest, error: AwsError): WireResponse {
  const requestId = aws.uuid();
  const protocol = serviceOf(request) === "s3" ? "restXml" : guessProtocol(request);
  const refused = { request, model: undefined, protocol, operation: undefined, called: false, requestId };
  const { status, headers, body } = refuse(aws, error, refused);
  return { status, headers: { ...answerHeaders(aws, requestId), ...headers }, body };
}

const notBuilt = (what: string) => new AwsError("NotImplemented", `${what} is not built in the embedded AWS`);

/**
 * The date is in factory time. An age keeps the SDK from correcting its clock by it: it would send every failed request
 * three times, because its measured clock error changes by a millisecond between two answers.
 */
export const answerHeaders = (aws: EmbeddedAws, requestId: string) => ({
  "x-amzn-requestid": requestId,
  date: httpDate(aws.clock.now()),
  age: "0",
});

/**
 * A presigned URL is valid for `X-Amz-Expires` seconds after it was signed (S3 API reference, "Authenticating requests:
 * using query parameters"). One signed in the future is valid, too: the machine's clock and factory time differ.
 * @param now milliseconds since the epoch
 * @throws AccessDenied
 */
function refuseExpiredUrl({ query }: WireRequest, now: number): void {
  const seconds = query.get("X-Amz-Expires");
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  if (seconds === null || !day || !time) return;
  const signedAt = Date.parse(
    `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`,
  );
  if (now > signedAt + Number(seconds) * 1000) {
    throw new AwsError("AccessDenied", "Request has expired", { status: 403 });
  }
}
