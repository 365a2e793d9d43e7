-- What the portfolio looks for among evidence: what has run out or soon will, and what somebody has to
-- look at. Neither condition changes with a task, so nothing of a task's updates grows dearer.
CREATE INDEX customer_evidence_valid_until ON dna_app.customer_evidence (customer_id, valid_until)
    WHERE valid_until IS NOT NULL AND replaced_by IS NULL;
CREATE INDEX customer_evidence_pending ON dna_app.customer_evidence (customer_id, received_at)
    WHERE status = 'pending' AND replaced_by IS NULL;
