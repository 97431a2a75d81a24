"""The savings catalogue. Amounts are whole thousands of kroner; minus is a saving."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class ProposalKind(StrEnum):
    EFFICIENCY = "efficiency"
    SERVICE_REDUCTION = "service_reduction"
    FRAME_CUT = "frame_cut"
    FEE = "fee"
    STRUCTURE = "structure"
    EXPANSION = "expansion"
    CAPITAL = "capital"
    OTHER = "other"


class Proposal(Base):
    """One proposal of the catalogue, or one scenario of a school structure."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("consultation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    code: Mapped[str]  # "BS-04"; the source id of an import
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committees.id"), index=True)
    policy_area: Mapped[str] = mapped_column(default="")
    kind: Mapped[ProposalKind] = mapped_column(default=ProposalKind.OTHER)
    description: Mapped[str] = mapped_column(default="")
    service_impact: Mapped[str] = mapped_column(default="")  # the consequence, plain words
    assumptions: Mapped[str] = mapped_column(default="")
    people_affected: Mapped[int | None]
    fte_delta: Mapped[float | None] = mapped_column(Numeric(8, 2, asdecimal=False))
    one_off_cost_tkr: Mapped[int | None]
    area_total_tkr: Mapped[int | None]
    is_statutory: Mapped[bool | None]  # True for a "skal"-opgave, False for "kan"
    special_procedure: Mapped[bool] = mapped_column(default=False)
    exclusive_group: Mapped[str | None]  # proposals of one group exclude each other
    version: Mapped[int] = mapped_column(default=1)


class ProposalAmount(Base):
    """What a proposal is worth in one year."""

    __tablename__ = "proposal_amounts"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount_tkr: Mapped[int]


class School(Base):
    """A school that a school-structure consultation is about."""

    __tablename__ = "schools"
    __table_args__ = (UniqueConstraint("consultation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    name: Mapped[str]
    area: Mapped[str] = mapped_column(default="")
    pupils_now: Mapped[int]
    pupils_forecast: Mapped[int]
    forecast_year: Mapped[int]
    capacity: Mapped[int]
    class_average: Mapped[float] = mapped_column(Numeric(5, 1, asdecimal=False))
