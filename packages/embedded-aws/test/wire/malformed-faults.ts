import type { ProtocolName } from "../../src/wire/service-model.ts";
import { authorization, type Message, toMessage } from "./malformed-messages.ts";
import { inputMembers, isForm, isJson, isRest, placeOf, type Target, takesDocument } from "./malformed-targets.ts";
import { lacking, violating, type Wrong, wrongKind } from "./malformed-values.ts";
import { type Draw, valueOfShape } from "./value-of-shape.ts";

/** A request that is certainly malformed, and AWS's codes for it. */
export interface Malformed {
  readonly message: Message;
  /** The response must have one of these: a 4xx for another reason would hide that the fault was not detected. */
  readonly codes: readonly string[];
  readonly what: string;
}

/** One kind of malformed request; undefined if the target cannot be malformed in this way. */
type Fault = (target: Target, draw: Draw) => Malformed | undefined;

const pick = <T>(draw: Draw, all: readonly T[]): T => all[draw(all.length)] as T;

/** Unreadable input has one code per protocol; S3 distinguishes fields from bodies. */
const UNREADABLE: Readonly<Record<ProtocolName, string>> = {
  awsJson1_0: "SerializationException",
  awsJson1_1: "SerializationException",
  restJson1: "SerializationException",
  awsQuery: "MalformedInput",
  ec2Query: "InvalidParameterValue",
  restXml: "MalformedXML",
};
const INVALID = [
  "ValidationException",
  "ValidationError",
  "InvalidParameterValue",
  "InvalidParameter",
  "InvalidInputException",
  // RAM, of the size of a page of invitations.
  "InvalidMaxResultsException",
  "MissingParameter",
  "InvalidArgument",
  "InvalidLocationConstraint",
  "MalformedXML",
  "MissingRequestBodyError",
];
const INCOMPLETE = ["IncompleteSignature", "AuthorizationHeaderMalformed"];
const UNKNOWN = ["UnknownOperationException", "MethodNotAllowed", "NotImplemented", "InvalidAction", "MissingAction"];

const bare = (target: Target): Message => toMessage(target, {});

/** The request with an input that its schemas allow; only the fault's change is certainly wrong. */
const full = (target: Target, draw: Draw): Message => {
  const { input } = target.operation;
  return toMessage(target, input.isUnitSchema() ? {} : wireValue(valueOfShape(input, draw, 2)));
};

/** As JSON and text carry it: times as seconds, bytes in base64. */
const wireValue = (value: unknown): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(value, (_key, one) => (one instanceof Uint8Array ? Buffer.from(one).toString("base64") : one)),
  );

const withBody = (message: Message, body: string | Buffer): Message => ({ ...message, body: Buffer.from(body) });
const withHeaders = (message: Message, headers: Record<string, string>): Message => ({
  ...message,
  headers: { ...message.headers, ...headers },
});
const withoutHeader = (message: Message, name: string): Message => {
  const { [name]: _, ...headers } = message.headers;
  return { ...message, headers };
};

const fromWrong = (target: Target, wrong: Wrong | undefined, codes: readonly string[]): Malformed | undefined =>
  wrong && { message: toMessage(target, wrong.input), codes, what: wrong.what };

export const FAULTS: Readonly<Record<string, Fault>> = {
  "not signed": (target) => ({
    message: withoutHeader(bare(target), "authorization"),
    codes: ["MissingAuthenticationToken"],
    what: "no Authorization",
  }),

  "credential scope": (target, draw) => {
    const scopes = [
      `111122223333/20260401/eu-west-1/${target.service}`,
      `1111/22223333/20260401/eu-west-1/${target.service}/aws4_request`,
      `111122223333/2026-04-01/eu-west-1/${target.service}/aws4_request`,
      `111122223333/20260401/eu-west-1/${target.service}/aws5_request`,
      `111122223333/20260401//${target.service}/aws4_request`,
      "",
    ];
    const scope = pick(draw, scopes);
    const header = pick(draw, [`AWS4-HMAC-SHA256 Credential=${scope}, Signature=0`, "AWS4-HMAC-SHA256 Signature=0"]);
    return { message: withHeaders(bare(target), { authorization: header }), codes: INCOMPLETE, what: header };
  },

  "unknown key": (target, draw) => {
    const key = pick(draw, ["AKIAIOSFODNN7EXAMPLE", "11112222333", "root", "%2F"]);
    return {
      message: withHeaders(bare(target), { authorization: authorization(target.service, key) }),
      codes: ["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "InvalidAccessKeyId"],
      what: key,
    };
  },

  "unknown service": (target, draw) => {
    const service = pick(draw, ["textract", "constructor", "__proto__", "EC2", "s3x"]);
    const message = withHeaders(bare(target), { authorization: authorization(service) });
    return { message, codes: ["NotImplemented"], what: service };
  },

  "unknown operation": (target, draw) => {
    const name = pick(draw, ["FrobnicateTable", "constructor", "get-parameter", "", "1", "a b", ".", "__proto__"]);
    const message = bare(target);
    if (isJson(target)) {
      const header = pick(draw, [`Any.${name}`, name]);
      return { message: withHeaders(message, { "x-amz-target": header }), codes: UNKNOWN, what: header };
    }
    if (isForm(target)) {
      const body = pick(draw, [`Action=${encodeURIComponent(name)}`, `Version=1&Act=${encodeURIComponent(name)}`]);
      return { message: withBody(message, body), codes: UNKNOWN, what: body };
    }
    const s3 = target.protocol === "restXml";
    const path = s3 ? "/bucket/key" : `/no/such/${encodeURIComponent(name)}`;
    const method = s3 ? pick(draw, ["PATCH", "POST"]) : pick(draw, ["GET", "POST", "PUT", "DELETE"]);
    return { message: { ...message, method, path, query: [] }, codes: UNKNOWN, what: `${method} ${path}` };
  },

  "wrong method": (target, draw) => {
    // It is valid in HTTP, and no service has it.
    const method = isRest(target) ? "SEARCH" : pick(draw, ["GET", "PUT", "DELETE", "PATCH"]);
    return { message: { ...bare(target), method }, codes: UNKNOWN, what: method };
  },

  "no target header": (target) =>
    isJson(target)
      ? { message: withoutHeader(bare(target), "x-amz-target"), codes: UNKNOWN, what: "no X-Amz-Target" }
      : undefined,

  // No service here speaks it: its requests name their operation in the path.
  "broken CBOR": (target, draw) => {
    const cbor = { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" };
    const body = pick(draw, [
      Buffer.of(0xbf, 0x61),
      Buffer.of(0xff),
      Buffer.of(0x9b, 255, 255, 255, 255, 255, 255, 255),
    ]);
    const path = `/service/Any/operation/${target.operation.name}`;
    const message = { ...withHeaders(withoutHeader(bare(target), "x-amz-target"), cbor), method: "POST", path };
    return { message: { ...message, query: [], body }, codes: UNKNOWN, what: body.toString("hex") };
  },

  "broken path": (target, draw) => {
    const labels = target.operation.route?.labels ?? [];
    if (labels.length === 0) return undefined;
    const broken = pick(draw, ["%zz", "%ff", "%", "a%c3", "%e0%a4%a"]);
    const message = bare(target);
    const path = message.path.replaceAll("gone", broken);
    return {
      message: { ...message, path },
      codes: [target.protocol === "restXml" ? "InvalidURI" : "SerializationException"],
      what: path,
    };
  },

  "broken body": (target, draw) => {
    if (isForm(target)) {
      const message = full(target, draw);
      const body = `${message.body}&${pick(draw, ["a=%zz", "a=%", "%4=1", "%c=1"])}`;
      return { message: withBody(message, body), codes: ["MalformedQueryString"], what: body.slice(-20) };
    }
    if (!takesDocument(target)) return undefined;
    const message = full(target, draw);
    const text = message.body.length > 0 ? String(message.body) : emptyDocument(target);
    const body = target.protocol === "restXml" ? brokenXml(text, draw) : brokenJson(text, draw);
    return { message: withBody(message, body), codes: [UNREADABLE[target.protocol]], what: String(body).slice(0, 200) };
  },

  "not an object": (target, draw) => {
    if (isForm(target) || target.protocol === "restXml" || !takesDocument(target)) return undefined;
    const body = pick(draw, ["null", "[]", "5", '"text"', "true", "[{}]"]);
    return { message: withBody(bare(target), body), codes: [UNREADABLE[target.protocol]], what: body };
  },

  "broken chunks": (target, draw) => {
    if (target.protocol !== "restXml") return undefined;
    const body = pick(draw, ["", "5\r\nabc", "zz\r\n", "5;chunk-signature=0\r\nabcde", "-1\r\n", "5\r\nabcde\r\n"]);
    const length = pick(draw, [{}, { "x-amz-decoded-content-length": "77" }]);
    const whole = "x-amz-decoded-content-length" in length ? "3\r\nabc\r\n0\r\n\r\n" : body;
    const message = withHeaders(withBody(bare(target), whole), { "content-encoding": "aws-chunked", ...length });
    return { message, codes: ["IncompleteBody"], what: whole };
  },

  "wrong kind": (target, draw) => {
    const wrong = wrongKind(target, draw);
    const inField = target.protocol === "restXml" && wrong?.place !== "payload";
    return fromWrong(target, wrong, [inField ? "InvalidArgument" : UNREADABLE[target.protocol]]);
  },

  "required left out": (target) => fromWrong(target, lacking(target), INVALID),

  "constraint broken": (target, draw) => fromWrong(target, violating(target, draw), INVALID),
};

/** A document without members, in the protocol's language. */
function emptyDocument(target: Target): string {
  if (target.protocol !== "restXml") return "{}";
  const member = inputMembers(target).find(([, one]) => placeOf(target, one) === "payload")?.[1];
  return `<${member?.getMergedTraits().xmlName ?? member?.getName()}></${member?.getMergedTraits().xmlName ?? member?.getName()}>`;
}

/** Every proper beginning of an object's text is broken, and so is anything after its end. */
const brokenJson = (text: string, draw: Draw): string | Buffer =>
  pick(draw, [
    () => text.slice(0, 1 + draw(text.length - 1)),
    () => `${text}${pick(draw, ["}", ",", "x", '"', "[]", "\u0000"])}`,
    () => text.replace(/^\{/, pick(draw, ["{,", "{'a':1,", "{a:1,", '{"a":NaN,', '{"a":01,', "{/**/"])),
    () => Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xc0), Buffer.from('"}')]),
    () => '{"a":'.repeat(1 + draw(5_000)),
    () => "[".repeat(1 + draw(5_000)),
  ])();

const brokenXml = (text: string, draw: Draw): string =>
  pick(draw, [
    () => text.slice(0, 1 + draw(text.length - 1)),
    () => `${text}${pick(draw, ["<b/>", "text", "</b>", "<", "&amp;"])}`,
    () => `<!DOCTYPE a [<!ENTITY b "c">]>${text}`,
    () => text.replace(">", ">&nosuch;"),
    () => text.replace(/<\/[^>]+>$/, "</other>"),
    () => `<other>${text}</other>`,
    () => "<a>".repeat(1 + draw(5_000)),
    () => "no document",
  ])();
