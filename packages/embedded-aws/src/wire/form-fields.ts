import { AwsError } from "../engine/aws-error.ts";
import { BadInput } from "./bad-input.ts";
import type { WireRequest } from "./message.ts";

/** A form's fields, from the body of a POST or the query of a GET. */
export function formFields(request: WireRequest): URLSearchParams {
  if (request.method !== "POST") return request.query;
  const text = Buffer.from(request.body).toString();
  // URLSearchParams would read a broken escape as text.
  if (/%(?![0-9a-fA-F]{2})/.test(text))
    throw new BadInput("The query string contains a syntax error.", "body", { code: "MalformedQueryString" });
  return new URLSearchParams(text);
}

/** The operation that a form asks for. */
export function action(request: WireRequest): string {
  const name = formFields(request).get("Action");
  if (!name) throw new AwsError("MissingAction", "The request must contain the parameter Action.", { status: 400 });
  if (!/^[A-Za-z]\w*$/.test(name)) {
    throw new AwsError("InvalidAction", `The action ${name.slice(0, 100)} is not valid for this web service.`, {
      status: 400,
    });
  }
  return name;
}
