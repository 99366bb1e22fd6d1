"""Mail to a team's mailbox: short plain text, with a Message-ID that is the same for every attempt."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from peelian.domain.errors import Refused
from peelian.domain.warning_delivery import Delivery, Recipient, Smtp
from peelian.guard.outward import check_outward
from peelian.pipeline.delivery.sending import TIMEOUT_S, Failed, message_id, secret
from peelian.store.outbox import Leased


class MailSender:
    """Sends by the settings' mail server over one connection. For one thread."""

    def __init__(self, delivery: Delivery, *, timeout_s: float = TIMEOUT_S) -> None:
        self._settings, self._timeout = delivery.smtp, timeout_s
        self._open: smtplib.SMTP | None = None

    def send(self, message: Leased, to: Recipient) -> None:
        """Send one message; returns when the server has taken it.

        Raises:
            Failed: it has not, or it did and its answer was lost.
        """
        if self._settings is None:
            raise Failed("the settings name no mail server", permanent=True)
        try:
            check_outward(self._settings.host)
            server = self._server(self._settings)
            server.send_message(
                letter(message, to, self._settings.sender), self._settings.sender, [to.address]
            )
        except Refused:
            raise Failed("the mail server is not on this server's list of hosts", permanent=True) from None
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=0)
            raise Failed(f"the mail server refused the mailbox ({code})", permanent=code >= 500) from None
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            raise Failed(f"the mail server refused the login ({error.smtp_code})") from None
        except smtplib.SMTPResponseException as error:
            self.close()
            raise Failed(f"the mail server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            away = isinstance(error, (ConnectionRefusedError, TimeoutError, ssl.SSLError))
            raise Failed(
                f"the mail server did not answer ({type(error).__name__})", unreachable=away
            ) from None

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _server(self, smtp: Smtp) -> smtplib.SMTP:
        if self._open is None:
            self._open = _opened(smtp, self._timeout)
        return self._open


def letter(message: Leased, to: Recipient, sender: str) -> EmailMessage:
    """Give the mail: headers that say it is automatic (RFC 3834) and stay the same for every attempt."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, to.address
    mail["Subject"] = " ".join(str(message.body["subject"]).split())[:200]
    mail["Date"] = format_datetime(message.created)
    mail["Message-ID"] = f"<{message_id(message)}@{sender.rpartition('@')[2].strip('> ')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(str(message.body["text"]))
    return mail


def _opened(smtp: Smtp, timeout: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=timeout)
    try:
        if smtp.tls == "starttls":
            server.starttls(context=context)
        user = secret(smtp.user_env, smtp.user_file, "mail user")
        if user is not None:
            server.login(user, secret(smtp.password_env, smtp.password_file, "mail password") or "")
    except BaseException:
        server.close()
        raise
    return server
