"""Exceptions by which a job handler reports the outcome of a job."""


class JobFailed(Exception):
    """The job failed and is tried again later; its row stores the message."""


class ServiceDown(JobFailed):
    """A service that all jobs of the kind need does not answer; all of them are postponed."""


class JobObsolete(Exception):
    """The job is no longer needed; its row is removed."""
