import { action, formFields, formReader, formTree } from "../form.ts";
import { xmlResponse } from "../message.ts";
import type { OperationModel } from "../service-model.ts";
import { oncePer } from "../shape.ts";
import { element, escapeXml, xmlWriter } from "../xml-writer.ts";
import type { Protocol } from "./protocol.ts";

const read = oncePer(({ input }: OperationModel) => formReader(input, "ec2Query"));

const write = oncePer(({ output }: OperationModel) => xmlWriter(output));

/** https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
export const ec2Query: Protocol = {
  target: (request) => ({
    name: action(request),
    input: (operation) => read(operation)(formTree(formFields(request))) as object,
  }),

  output(output, operation, model, requestId) {
    const content = element("requestId", requestId) + write(operation)(output);
    return xmlResponse(
      200,
      `<${operation.name}Response xmlns="${model.xmlNamespace}/">${content}</${operation.name}Response>`,
    );
  },

  refusal(refusal, _request, _model, requestId) {
    const error = element(
      "Error",
      element("Code", escapeXml(refusal.code)) + element("Message", escapeXml(refusal.message)),
    );
    return xmlResponse(refusal.status, element("Response", element("Errors", error) + element("RequestID", requestId)));
  },
};
