import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const QueueUrl = ref("queue.QueueUrl");
const TopicArn = ref("topic.TopicArn");
const SubscriptionArn = ref("subscription.SubscriptionArn");
const QueueArn = "arn:aws:sqs:eu-west-1:111122223333:parked";
const noTopic = "arn:aws:sns:eu-west-1:111122223333:none";
const topicGone = {
  code: "NotFound",
  ofSdk: "NotFoundException",
  status: 404,
  message: "Topic does not exist",
};
const subscriptionGone = { ...topicGone, message: "Subscription does not exist" };
const queueGone = {
  code: "AWS.SimpleQueueService.NonExistentQueue",
  ofSdk: "QueueDoesNotExist",
  status: 400,
  message: "The specified queue does not exist",
};

/** SQS and SNS. Leaves the queue `parked` and the topic `notices`. */
export const MESSAGING_CALLS: readonly FactoryCall[] = [
  answered("sqs:CreateQueue", { QueueName: "parked", Attributes: { VisibilityTimeout: "7" } }, {}, { as: "queue" }),
  refused(
    "sqs:CreateQueue",
    { QueueName: "parked", Attributes: { VisibilityTimeout: "8" } },
    {
      code: "QueueAlreadyExists",
      ofSdk: "QueueNameExists",
      status: 400,
      message: "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
    },
  ),
  answered("sqs:GetQueueUrl", { QueueName: "parked" }, { QueueUrl: PRESENT }),
  refused("sqs:GetQueueUrl", { QueueName: "gone" }, queueGone),
  answered("sqs:ListQueues", { QueueNamePrefix: "p" }, { "QueueUrls.0": PRESENT }),
  answered("sqs:SetQueueAttributes", { QueueUrl, Attributes: { VisibilityTimeout: "30" } }),
  refused(
    "sqs:SetQueueAttributes",
    { QueueUrl, Attributes: { VisibilityTimeout: "-1" } },
    {
      code: "InvalidAttributeValue",
      status: 400,
      message: "Invalid value for the parameter VisibilityTimeout.",
    },
  ),
  answered("sqs:SendMessage", {
    QueueUrl,
    MessageBody: "hello <é> & all",
    MessageAttributes: { n: { DataType: "Number", StringValue: "1" } },
  }),
  answered(
    "sqs:SendMessageBatch",
    {
      QueueUrl,
      Entries: [
        { Id: "a", MessageBody: "second" },
        { Id: "b", MessageBody: "third", DelaySeconds: 901 },
      ],
    },
    { "Successful.0.Id": "a", "Failed.0.Id": "b", "Failed.0.SenderFault": true },
  ),
  answered(
    "sqs:ReceiveMessage",
    { QueueUrl, MessageAttributeNames: ["All"], AttributeNames: ["All"] },
    {
      "Messages.0.Body": "hello <é> & all",
      "Messages.0.MessageAttributes.n.StringValue": "1",
      "Messages.0.Attributes.ApproximateReceiveCount": "1",
    },
    { as: "first" },
  ),
  answered("sqs:ReceiveMessage", { QueueUrl }, { "Messages.0.Body": "second" }, { as: "second" }),
  answered("sqs:ChangeMessageVisibility", {
    QueueUrl,
    ReceiptHandle: ref("second.Messages.0.ReceiptHandle"),
    VisibilityTimeout: 60,
  }),
  answered("sqs:DeleteMessage", { QueueUrl, ReceiptHandle: ref("first.Messages.0.ReceiptHandle") }),
  refused(
    "sqs:DeleteMessage",
    { QueueUrl, ReceiptHandle: "none" },
    {
      code: "ReceiptHandleIsInvalid",
      status: 404,
      message: "The input receipt handle",
    },
  ),
  answered(
    "sqs:DeleteMessageBatch",
    { QueueUrl, Entries: [{ Id: "a", ReceiptHandle: ref("second.Messages.0.ReceiptHandle") }] },
    { "Successful.0.Id": "a" },
  ),
  answered(
    "sqs:GetQueueAttributes",
    { QueueUrl, AttributeNames: ["All"] },
    {
      "Attributes.ApproximateNumberOfMessages": "0",
      "Attributes.QueueArn": QueueArn,
    },
  ),
  answered("sqs:TagQueue", { QueueUrl, Tags: { team: "images", stage: "test" } }),
  answered("sqs:UntagQueue", { QueueUrl, TagKeys: ["stage"] }),
  answered("sqs:ListQueueTags", { QueueUrl }, { Tags: { team: "images" } }),
  answered("sqs:PurgeQueue", { QueueUrl }),
  refused(
    "sqs:PurgeQueue",
    { QueueUrl },
    {
      code: "AWS.SimpleQueueService.PurgeQueueInProgress",
      ofSdk: "PurgeQueueInProgress",
      status: 403,
      message: "Only one PurgeQueue operation on parked is allowed every 60 seconds.",
    },
  ),

  answered("sns:CreateTopic", { Name: "notices" }, { TopicArn: PRESENT }, { as: "topic" }),
  refused(
    "sns:CreateTopic",
    { Name: "a b" },
    {
      code: "InvalidParameter",
      ofSdk: "InvalidParameterException",
      status: 400,
      message: "Invalid parameter: Topic Name",
    },
  ),
  answered("sns:ListTopics", {}, { "Topics.0.TopicArn": PRESENT }),
  answered("sns:SetTopicAttributes", { TopicArn, AttributeName: "DisplayName", AttributeValue: "Notices" }),
  answered("sns:GetTopicAttributes", { TopicArn }, { "Attributes.DisplayName": "Notices" }),
  refused("sns:GetTopicAttributes", { TopicArn: noTopic }, topicGone),
  answered("sns:TagResource", { ResourceArn: TopicArn, Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered("sns:ListTagsForResource", { ResourceArn: TopicArn }, { Tags: [{ Key: "team", Value: "images + more/é" }] }),
  answered("sns:UntagResource", { ResourceArn: TopicArn, TagKeys: ["team"] }),
  refused(
    "sns:TagResource",
    { ResourceArn: noTopic, Tags: [{ Key: "team", Value: "images" }] },
    { code: "ResourceNotFound", ofSdk: "ResourceNotFoundException", status: 404, message: "Resource does not exist" },
  ),
  answered(
    "sns:Subscribe",
    { TopicArn, Protocol: "email", Endpoint: "ops@example.com" },
    {
      SubscriptionArn: "pending confirmation",
    },
  ),
  answered(
    "sns:Subscribe",
    { TopicArn, Protocol: "sqs", Endpoint: QueueArn, ReturnSubscriptionArn: true },
    { SubscriptionArn: PRESENT },
    { as: "subscription" },
  ),
  refused(
    "sns:Subscribe",
    { TopicArn, Protocol: "pigeon", Endpoint: "a" },
    {
      code: "InvalidParameter",
      ofSdk: "InvalidParameterException",
      status: 400,
      message: "Invalid parameter: ",
    },
  ),
  refused(
    "sns:ConfirmSubscription",
    { TopicArn, Token: "guessed" },
    {
      code: "InvalidParameter",
      ofSdk: "InvalidParameterException",
      status: 400,
      message: "Invalid parameter: Token",
    },
  ),
  answered("sns:ListSubscriptions", {}, { "Subscriptions.0.SubscriptionArn": "PendingConfirmation" }),
  answered("sns:ListSubscriptionsByTopic", { TopicArn }, { "Subscriptions.1.Protocol": "sqs" }),
  answered("sns:SetSubscriptionAttributes", {
    SubscriptionArn,
    AttributeName: "RawMessageDelivery",
    AttributeValue: "true",
  }),
  answered("sns:GetSubscriptionAttributes", { SubscriptionArn }, { "Attributes.RawMessageDelivery": "true" }),
  answered("sns:Publish", { TopicArn, Subject: "s", Message: "m" }, { MessageId: PRESENT }),
  refused("sns:Publish", { TopicArn: noTopic, Message: "m" }, topicGone),
  answered("sns:Unsubscribe", { SubscriptionArn }),
  refused("sns:GetSubscriptionAttributes", { SubscriptionArn }, subscriptionGone),
  refused(
    "sns:SetSubscriptionAttributes",
    { SubscriptionArn, AttributeName: "RawMessageDelivery", AttributeValue: "true" },
    subscriptionGone,
  ),
  answered("sns:CreateTopic", { Name: "passing" }, {}, { as: "passing" }),
  answered("sns:DeleteTopic", { TopicArn: ref("passing.TopicArn") }),
  refused("sns:GetTopicAttributes", { TopicArn: ref("passing.TopicArn") }, topicGone),
  answered("sqs:CreateQueue", { QueueName: "passing" }, {}, { as: "passingQueue" }),
  answered("sqs:DeleteQueue", { QueueUrl: ref("passingQueue.QueueUrl") }),
  refused("sqs:SendMessage", { QueueUrl: ref("passingQueue.QueueUrl"), MessageBody: "m" }, queueGone),
];
