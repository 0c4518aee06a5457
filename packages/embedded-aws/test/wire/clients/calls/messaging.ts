import { answered, bytes, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const QueueUrl = ref("queue.QueueUrl");
const TopicArn = ref("topic.TopicArn");
const SubscriptionArn = ref("subscription.SubscriptionArn");
const QueueArn = "arn:aws:sqs:eu-west-1:111122223333:parked";
const noTopic = "arn:aws:sns:eu-west-1:111122223333:none";
const topicGone = "404 NotFound (NotFoundException): Topic does not exist";
const subscriptionGone = "404 NotFound (NotFoundException): Subscription does not exist";
const queueGone = "400 AWS.SimpleQueueService.NonExistentQueue (QueueDoesNotExist): The specified queue does not exist";

/** SQS and SNS. Leaves the queue `parked` and the topic `notices`. */
const QUEUES = ofService("sqs", [
  answered("CreateQueue as queue", { QueueName: "parked", Attributes: { VisibilityTimeout: "7" } }),
  refused("CreateQueue", { QueueName: "parked", Attributes: { VisibilityTimeout: "8" } }).with(
    "400 QueueAlreadyExists (QueueNameExists): A queue already exists with the same name and a different value for attribute VisibilityTimeout",
  ),
  answered("GetQueueUrl", { QueueName: "parked" }).says({ QueueUrl: PRESENT }),
  refused("GetQueueUrl", { QueueName: "gone" }).with(queueGone),
  answered("ListQueues", { QueueNamePrefix: "p" }).says({ "QueueUrls.0": PRESENT }),
  answered("SetQueueAttributes", { QueueUrl, Attributes: { VisibilityTimeout: "30" } }),
  refused("SetQueueAttributes", { QueueUrl, Attributes: { VisibilityTimeout: "-1" } }).with(
    "400 InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.",
  ),
  answered("SendMessage", {
    QueueUrl,
    MessageBody: "hello <é> & all",
    MessageAttributes: {
      n: { DataType: "Number", StringValue: "1" },
      raw: { DataType: "Binary", BinaryValue: bytes("é") },
    },
  }),
  answered("SendMessageBatch", {
    QueueUrl,
    Entries: [
      { Id: "a", MessageBody: "second" },
      { Id: "b", MessageBody: "third", DelaySeconds: 901 },
    ],
  }).says({ "Successful.0.Id": "a", "Failed.0.Id": "b", "Failed.0.SenderFault": true }),
  answered("ReceiveMessage as first", { QueueUrl, MessageAttributeNames: ["All"], AttributeNames: ["All"] }).says({
    "Messages.0.Body": "hello <é> & all",
    "Messages.0.MessageAttributes.n.StringValue": "1",
    "Messages.0.Attributes.ApproximateReceiveCount": "1",
  }),
  answered("ReceiveMessage as second", { QueueUrl }).says({ "Messages.0.Body": "second" }),
  answered("ChangeMessageVisibility", {
    QueueUrl,
    ReceiptHandle: ref("second.Messages.0.ReceiptHandle"),
    VisibilityTimeout: 60,
  }),
  answered("DeleteMessage", { QueueUrl, ReceiptHandle: ref("first.Messages.0.ReceiptHandle") }),
  refused("DeleteMessage", { QueueUrl, ReceiptHandle: "none" }).with(
    "404 ReceiptHandleIsInvalid: The input receipt handle",
  ),
  answered("DeleteMessageBatch", {
    QueueUrl,
    Entries: [{ Id: "a", ReceiptHandle: ref("second.Messages.0.ReceiptHandle") }],
  }).says({ "Successful.0.Id": "a" }),
  answered("GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] }).says({
    "Attributes.ApproximateNumberOfMessages": "0",
    "Attributes.QueueArn": QueueArn,
  }),
  answered("TagQueue", { QueueUrl, Tags: { team: "images", stage: "test" } }),
  answered("UntagQueue", { QueueUrl, TagKeys: ["stage"] }),
  answered("ListQueueTags", { QueueUrl }).says({ Tags: { team: "images" } }),
  answered("PurgeQueue", { QueueUrl }),
  refused("PurgeQueue", { QueueUrl }).with(
    "403 AWS.SimpleQueueService.PurgeQueueInProgress (PurgeQueueInProgress): Only one PurgeQueue operation on parked is allowed every 60 seconds.",
  ),
]);

const TOPICS = ofService("sns", [
  answered("CreateTopic as topic", { Name: "notices" }).says({ TopicArn: PRESENT }),
  refused("CreateTopic", { Name: "a b" }).with(
    "400 InvalidParameter (InvalidParameterException): Invalid parameter: Topic Name",
  ),
  answered("ListTopics").says({ "Topics.0.TopicArn": PRESENT }),
  answered("SetTopicAttributes", { TopicArn, AttributeName: "DisplayName", AttributeValue: "Notices" }),
  answered("GetTopicAttributes", { TopicArn }).says({ "Attributes.DisplayName": "Notices" }),
  refused("GetTopicAttributes", { TopicArn: noTopic }).with(topicGone),
  answered("TagResource", { ResourceArn: TopicArn, Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered("ListTagsForResource", { ResourceArn: TopicArn }).says({
    Tags: [{ Key: "team", Value: "images + more/é" }],
  }),
  answered("UntagResource", { ResourceArn: TopicArn, TagKeys: ["team"] }),
  refused("TagResource", { ResourceArn: noTopic, Tags: [{ Key: "team", Value: "images" }] }).with(
    "404 ResourceNotFound (ResourceNotFoundException): Resource does not exist",
  ),
  answered("Subscribe", { TopicArn, Protocol: "email", Endpoint: "ops@example.com" }).says({
    SubscriptionArn: "pending confirmation",
  }),
  answered("Subscribe as subscription", {
    TopicArn,
    Protocol: "sqs",
    Endpoint: QueueArn,
    ReturnSubscriptionArn: true,
  }).says({ SubscriptionArn: PRESENT }),
  refused("Subscribe", { TopicArn, Protocol: "pigeon", Endpoint: "a" }).with(
    "400 InvalidParameter (InvalidParameterException): Invalid parameter: ",
  ),
  refused("ConfirmSubscription", { TopicArn, Token: "guessed" }).with(
    "400 InvalidParameter (InvalidParameterException): Invalid parameter: Token",
  ),
  answered("ListSubscriptions").says({ "Subscriptions.0.SubscriptionArn": "PendingConfirmation" }),
  answered("ListSubscriptionsByTopic", { TopicArn }).says({ "Subscriptions.1.Protocol": "sqs" }),
  answered("SetSubscriptionAttributes", {
    SubscriptionArn,
    AttributeName: "RawMessageDelivery",
    AttributeValue: "true",
  }),
  answered("GetSubscriptionAttributes", { SubscriptionArn }).says({ "Attributes.RawMessageDelivery": "true" }),
  answered("Publish", { TopicArn, Subject: "s", Message: "m" }).says({ MessageId: PRESENT }),
  refused("Publish", { TopicArn: noTopic, Message: "m" }).with(topicGone),
  answered("Unsubscribe", { SubscriptionArn }),
  refused("GetSubscriptionAttributes", { SubscriptionArn }).with(subscriptionGone),
  refused("SetSubscriptionAttributes", {
    SubscriptionArn,
    AttributeName: "RawMessageDelivery",
    AttributeValue: "true",
  }).with(subscriptionGone),
  answered("CreateTopic as passing", { Name: "passing" }),
  answered("DeleteTopic", { TopicArn: ref("passing.TopicArn") }),
  refused("GetTopicAttributes", { TopicArn: ref("passing.TopicArn") }).with(topicGone),
]);

const DELETED_QUEUE = ofService("sqs", [
  answered("CreateQueue as passingQueue", { QueueName: "passing" }),
  answered("DeleteQueue", { QueueUrl: ref("passingQueue.QueueUrl") }),
  refused("SendMessage", { QueueUrl: ref("passingQueue.QueueUrl"), MessageBody: "m" }).with(queueGone),
]);

export const MESSAGING_CALLS: readonly FactoryCall[] = [...QUEUES, ...TOPICS, ...DELETED_QUEUE];
