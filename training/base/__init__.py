"""The paper's encoders, which avuformer-base has in the place of avuformer-lite's."""
