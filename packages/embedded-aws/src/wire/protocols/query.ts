import { action, formFields, formReader, formTree } from "../form.ts";
import { xmlResponse } from "../message.ts";
import type { OperationModel } from "../service-model.ts";
import { oncePer } from "../shape.ts";
import { element, escapeXml, xmlWriter } from "../xml-writer.ts";
import type { Protocol } from "./protocol.ts";

const read = oncePer(({ input }: OperationModel) => formReader(input, "awsQuery"));

const write = oncePer(({ output }: OperationModel) => xmlWriter(output));

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const awsQuery: Protocol = {
  target: (request) => ({
    name: action(request),
    input: (operation) => read(operation)(formTree(formFields(request))) as object,
  }),

  output(output, { name, ...operation }, model, requestId) {
    const result = operation.output.isUnitSchema()
      ? ""
      : element(`${name}Result`, write({ name, ...operation })(output));
    const metadata = element("ResponseMetadata", element("RequestId", requestId));
    return xmlResponse(200, `<${name}Response xmlns="${model.xmlNamespace}">${result}${metadata}</${name}Response>`);
  },

  refusal(refusal, _request, model, requestId) {
    const error = element(
      "Error",
      element("Type", refusal.fault) +
        element("Code", escapeXml(refusal.queryCode)) +
        element("Message", escapeXml(refusal.message)),
    );
    const namespace = model?.xmlNamespace ?? "";
    return xmlResponse(
      refusal.status,
      `<ErrorResponse xmlns="${namespace}">${error}${element("RequestId", requestId)}</ErrorResponse>`,
    );
  },
};
