import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const machine = (states: object) => JSON.stringify({ QueryLanguage: "JSONata", StartAt: "A", States: states });
const succeeding = machine({ A: { Type: "Succeed" } });
const asking = machine({
  A: {
    Type: "Task",
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Arguments: {
      QueueUrl: "https://sqs.eu-west-1.amazonaws.com/111122223333/asked",
      MessageBody: "{% $states.context.Task.Token %}",
    },
    End: true,
  },
});
const waiting = machine({ A: { Type: "Wait", Seconds: 3600, End: true } });
const roleArn = "arn:aws:iam::111122223333:role/machine";
const stateMachineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:promotion";
const executionArn = "arn:aws:states:eu-west-1:111122223333:execution:promotion:one";
const slow = "arn:aws:states:eu-west-1:111122223333:stateMachine:slow";
const noMachine = "arn:aws:states:eu-west-1:111122223333:stateMachine:none";
const asker = "arn:aws:states:eu-west-1:111122223333:stateMachine:asking";
const QueueUrl = ref("asking.QueueUrl");
const token = "400 InvalidToken: Invalid Token";

/** Step Functions; the role `machine` exists. */
export const MACHINE_CALLS: readonly FactoryCall[] = ofService("states", [
  answered("CreateStateMachine", { name: "promotion", definition: succeeding, roleArn }).says({ stateMachineArn }),
  refused("CreateStateMachine", { name: "broken", definition: "{}", roleArn }).with(
    "400 InvalidDefinition: Invalid State Machine Definition",
  ),
  answered("ValidateStateMachineDefinition", { definition: succeeding }, { since: 2024 }).says({ result: "OK" }),
  answered("UpdateStateMachine", { stateMachineArn, definition: succeeding }).says({ updateDate: PRESENT }),
  answered("DescribeStateMachine", { stateMachineArn }).says({ name: "promotion", status: "ACTIVE" }),
  refused("DescribeStateMachine", { stateMachineArn: noMachine }).with(
    `400 StateMachineDoesNotExist: State Machine Does Not Exist: '${noMachine}'`,
  ),
  answered("ListStateMachineVersions", { stateMachineArn }, { since: 2023 }).says({ stateMachineVersions: [] }),
  answered("ListStateMachines").says({ "stateMachines.0.name": "promotion" }),
  answered("TagResource", { resourceArn: stateMachineArn, tags: [{ key: "team", value: "images" }] }),
  answered("ListTagsForResource", { resourceArn: stateMachineArn }).says({ tags: [{ key: "team", value: "images" }] }),
  answered("UntagResource", { resourceArn: stateMachineArn, tagKeys: ["team"] }),
  answered("StartExecution", { stateMachineArn, name: "one", input: '{"n":"é"}' }).says({ executionArn }),
  answered("DescribeExecution", { executionArn }, { after: 1 }).says({ status: "SUCCEEDED", input: '{"n":"é"}' }),
  refused("StartExecution", { stateMachineArn, name: "one", input: "{}" }).with(
    `400 ExecutionAlreadyExists: Execution Already Exists: '${executionArn}'`,
  ),
  refused("DescribeExecution", { executionArn: `${executionArn}-none` }).with(
    "400 ExecutionDoesNotExist: Execution Does Not Exist",
  ),
  answered("DescribeStateMachineForExecution", { executionArn }).says({ name: "promotion" }),
  answered("GetExecutionHistory", { executionArn }).says({
    "events.0.type": "ExecutionStarted",
    "events.0.executionStartedEventDetails.input": '{"n":"é"}',
  }),
  answered("ListExecutions", { stateMachineArn, statusFilter: "SUCCEEDED" }).says({ "executions.0.name": "one" }),
  answered("CreateStateMachine", { name: "slow", definition: waiting, roleArn }),
  answered("StartExecution as slow", { stateMachineArn: slow }).says({ startDate: PRESENT }),
  answered("StopExecution", { executionArn: ref("slow.executionArn"), error: "Cancelled", cause: "enough" }),
  answered("DescribeExecution", { executionArn: ref("slow.executionArn") }).says({
    status: "ABORTED",
    error: "Cancelled",
  }),
  answered("sqs:CreateQueue as asking", { QueueName: "asked", Attributes: { VisibilityTimeout: "3600" } }),
  answered("CreateStateMachine", { name: "asking", definition: asking, roleArn }),
  answered("StartExecution as first", { stateMachineArn: asker }),
  answered("sqs:ReceiveMessage as asked", { QueueUrl }, { after: 1 }).says({ "Messages.0.Body": PRESENT }),
  answered("SendTaskHeartbeat", { taskToken: ref("asked.Messages.0.Body") }),
  answered("SendTaskSuccess", { taskToken: ref("asked.Messages.0.Body"), output: '{"n":"é"}' }),
  answered("DescribeExecution", { executionArn: ref("first.executionArn") }, { after: 1 }).says({
    status: "SUCCEEDED",
    output: '{"n":"é"}',
  }),
  answered("StartExecution as second", { stateMachineArn: asker }),
  answered("sqs:ReceiveMessage as again", { QueueUrl }, { after: 1 }),
  answered("SendTaskFailure", { taskToken: ref("again.Messages.0.Body"), error: "Refused", cause: "no" }),
  answered("DescribeExecution", { executionArn: ref("second.executionArn") }, { after: 1 }).says({
    status: "FAILED",
    error: "Refused",
  }),
  refused("SendTaskSuccess", { taskToken: ref("asked.Messages.0.Body"), output: "{}" }).with(
    "400 TaskTimedOut: Task Timed Out",
  ),
  refused("SendTaskSuccess", { taskToken: "none", output: "{}" }).with(token),
  refused("SendTaskFailure", { taskToken: "none" }).with(token),
  refused("SendTaskHeartbeat", { taskToken: "none" }).with(token),
  answered("DeleteStateMachine", { stateMachineArn: slow }),
]);
