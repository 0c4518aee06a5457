import { App, Stack } from "aws-cdk-lib";
import { AutoScalingGroup } from "aws-cdk-lib/aws-autoscaling";
import { InstanceType, LaunchTemplate, MachineImage, Vpc } from "aws-cdk-lib/aws-ec2";
import { StringParameter } from "aws-cdk-lib/aws-ssm";

const channel = "arn:aws:ssm:eu-west-1:111122223333:parameter/imagebuilder/amint/acme/al2023-base/stable";

const app = new App();
const stack = new Stack(app, "Web", { env: { account: "200000000001", region: "eu-west-1" } });

// Resolved at each launch: new instances follow the channel without a deployment.
const atLaunch = new LaunchTemplate(stack, "AtLaunch", {
  instanceType: new InstanceType("t3.micro"),
  machineImage: MachineImage.resolveSsmParameterAtLaunch(channel),
  requireImdsv2: true,
});
new AutoScalingGroup(stack, "Group", {
  vpc: new Vpc(stack, "Network", { maxAzs: 2 }),
  launchTemplate: atLaunch,
  minCapacity: 2,
  maxCapacity: 4,
});

// Resolved by CloudFormation: the template changes, and instances are replaced, only when the stack is deployed.
const parameter = StringParameter.fromStringParameterArn(stack, "Channel", channel);
new LaunchTemplate(stack, "AtDeployment", {
  instanceType: new InstanceType("t3.micro"),
  machineImage: MachineImage.genericLinux({ "eu-west-1": parameter.stringValue }),
  requireImdsv2: true,
});
