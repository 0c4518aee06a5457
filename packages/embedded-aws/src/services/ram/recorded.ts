import type { RecordedService } from "../../engine/operation.ts";
import { toElements } from "../cloudtrail/record/to-elements.ts";

/** As in the RAM user guide, "Understanding AWS RAM log file entries", for CreateResourceShare; for the others inferred. */
export const recorded: RecordedService = {
  eventSource: "ram.amazonaws.com",
  source: "aws.ram",
  isRead: (name) => /^(Get|List)/.test(name),
  requestParameters: (_name, input) => toElements(input),
  responseElements: (_name, output) => toElements(output),
};
