-- What the portfolio and the board look for among evidence: what somebody has to look at. What has run
-- out or soon will is found by the index of 0023.
CREATE INDEX customer_evidence_pending ON dna_app.customer_evidence (customer_id, received_at)
    WHERE status = 'pending' AND replaced_by IS NULL;
