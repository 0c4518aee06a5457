import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { getQueueAttributes, setQueueAttributes } from "./attributes.ts";
import { createQueue } from "./create-queue.ts";
import { deleteQueue, getQueueUrl, listQueues, purgeQueue } from "./queues.ts";
import { receiveMessage } from "./receive-message.ts";
import { changeMessageVisibility, deleteMessage, deleteMessageBatch } from "./received-messages.ts";
import { sendMessage, sendMessageBatch } from "./send-message.ts";

export const service: Service = {
  name: "sqs",
  client: () => import("@aws-sdk/client-sqs"),
  operations: bindTokens(
    {
      ChangeMessageVisibility: changeMessageVisibility,
      CreateQueue: createQueue,
      DeleteMessage: deleteMessage,
      DeleteMessageBatch: deleteMessageBatch,
      DeleteQueue: deleteQueue,
      GetQueueAttributes: getQueueAttributes,
      GetQueueUrl: getQueueUrl,
      ListQueues: listQueues,
      PurgeQueue: purgeQueue,
      ReceiveMessage: receiveMessage,
      SendMessage: sendMessage,
      SendMessageBatch: sendMessageBatch,
      SetQueueAttributes: setQueueAttributes,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidParameterValue" },
  ),
};
