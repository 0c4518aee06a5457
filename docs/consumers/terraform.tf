variable "subnets" {
  type = list(string)
}

locals {
  channel = "arn:aws:ssm:eu-west-1:111122223333:parameter/imagebuilder/amint/acme/al2023-base/stable"
}

# Resolved at each launch: Terraform does not see a move of the channel, and plans no change.
resource "aws_launch_template" "web" {
  name          = "web"
  image_id      = "resolve:ssm:${local.channel}"
  instance_type = "t3.micro"

  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_autoscaling_group" "web" {
  name                = "web"
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = var.subnets

  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
}

# Read when Terraform plans: use this where an AMI's ID is needed, and expect a change after each move of the channel.
data "aws_ssm_parameter" "ami" {
  name = local.channel
}

output "ami" {
  value = nonsensitive(data.aws_ssm_parameter.ami.value)
}
